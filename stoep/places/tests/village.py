"""A village of two squares side by side; each is about 700 by 1,100 metres."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer
from shapely import MultiPolygon

WEST = MultiPolygon([shapely.box(5.30, 50.90, 5.31, 50.91)])
EAST = MultiPolygon([shapely.box(5.31, 50.90, 5.32, 50.91)])

WriteVectors = Callable[..., Path]


def projected(shape: shapely.Geometry, code: str) -> shapely.Geometry:
    turn = Transformer.from_crs("EPSG:4326", code, always_xy=True)
    return shapely.transform(shape, lambda at: np.column_stack(turn.transform(at[:, 0], at[:, 1])))
