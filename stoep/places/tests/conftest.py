"""Files that describe the village."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from django.utils import translation

from stoep.places.tests.village import WriteVectors, projected


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Messages are compared in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def write_vectors(tmp_path: Path) -> WriteVectors:
    """`write_vectors("a.gpkg", {"code": [...]}, shapes, "EPSG:31370")`: shapes are given in WGS84."""

    def written(
        name: str,
        columns: dict[str, list[object]],
        shapes: Sequence[shapely.Geometry],
        code: str = "EPSG:4326",
        *,
        says_so: bool = True,
    ) -> Path:
        path = tmp_path / name
        driver = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON"}[path.suffix]
        drawn = [projected(shape, code) if code != "EPSG:4326" else shape for shape in shapes]
        pyogrio.raw.write(
            path,
            geometry=np.array(shapely.to_wkb(drawn), dtype=object),
            field_data=[np.array(values, dtype=object) for values in columns.values()],
            fields=np.array(list(columns), dtype=object),
            crs=code if says_so else None,
            driver=driver,
            geometry_type=type(shapes[0]).__name__,
        )
        return path

    return written
