"""Borders of Hasselt and Mechelen as the cities hand them over."""

import shutil
import zipfile
from pathlib import Path

import pytest
import shapely
from shapely import MultiPolygon

from stoep.places.geometry import adjacency, svg_paths
from stoep.places.readers.borders import BordersFile, read_borders

pytestmark = pytest.mark.real_data

HASSELT = "hasselt/hasselt-wijken-2024.geojson"
TWO_CENTIMETRES_IN_DEGREES = 0.02 / 70_000
SAME_BORDERS = [
    ("hasselt/shapefile-lambert72/hasselt_wijken.shp", "Shapefile", "Lambert 72"),
    ("hasselt/hasselt-wijken-2024-lambert72.gpkg", "GeoPackage", "Lambert 72"),
    ("hasselt/hasselt-wijken-2024-lambert2008.gpkg", "GeoPackage", "Lambert 2008"),
]


def _by_code(file: BordersFile) -> dict[str, MultiPolygon]:
    return {border.code: border.polygon for border in file.borders}


def _assert_same(file: BordersFile, other: BordersFile) -> None:
    assert {(border.code, border.name) for border in file.borders} == {
        (border.code, border.name) for border in other.borders
    }
    expected = _by_code(other)
    for code, polygon in _by_code(file).items():
        assert shapely.hausdorff_distance(polygon, expected[code]) < 10 * TWO_CENTIMETRES_IN_DEGREES, code


def test_hasselt_has_22_neighbourhoods_with_their_names(city_files: Path) -> None:
    found = read_borders(city_files / HASSELT)
    assert (len(found.borders), found.refused) == (22, [])
    assert (found.format_name, found.crs_name) == ("GeoJSON", "WGS 84")
    assert {"Kermt", "Hasselt-Centrum", "Runkst Buiten Singel"} <= {border.name for border in found.borders}
    assert all(border.polygon.is_valid for border in found.borders)


@pytest.mark.parametrize(("path", "format_name", "crs_name"), SAME_BORDERS)
def test_the_same_22_come_out_of_every_format_and_projection(
    city_files: Path, path: str, format_name: str, crs_name: str
) -> None:
    found = read_borders(city_files / path)
    assert (found.format_name, found.crs_name, found.refused) == (format_name, crs_name, [])
    _assert_same(found, read_borders(city_files / HASSELT))


def test_a_zipped_shapefile_in_a_folder_gives_the_same_22(city_files: Path, tmp_path: Path) -> None:
    packed = tmp_path / "borders"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in (city_files / "hasselt/shapefile-lambert72").iterdir():
            archive.write(part, f"Wijken 2024/shape/{part.name}")
    found = read_borders(packed)
    assert (found.format_name, found.crs_name) == ("Shapefile", "Lambert 72")
    _assert_same(found, read_borders(city_files / HASSELT))


def test_a_shapefile_without_its_projection_is_known_by_its_numbers(city_files: Path, tmp_path: Path) -> None:
    for part in (city_files / "hasselt/shapefile-lambert72").iterdir():
        if part.suffix != ".prj":
            shutil.copyfile(part, tmp_path / part.name)
    found = read_borders(tmp_path / "hasselt_wijken.shp")
    assert found.crs_name == "Lambert 72"
    _assert_same(found, read_borders(city_files / HASSELT))


def test_the_redrawn_hasselt_has_27_and_mechelen_12(city_files: Path) -> None:
    assert len(read_borders(city_files / "hasselt/hasselt-wijken-2025.geojson").borders) == 27
    assert len(read_borders(city_files / "mechelen/mechelen-wijken-2024.geojson").borders) == 12


def test_hasselts_map_is_light_and_every_neighbourhood_has_neighbours(city_files: Path) -> None:
    polygons = [border.polygon for border in read_borders(city_files / HASSELT).borders]
    pairs = adjacency(polygons)
    assert {one for pair in pairs for one in pair} == set(range(22))
    drawing = svg_paths(polygons)
    assert sum(map(len, drawing.paths)) < 22 * 1500
    assert max(map(len, drawing.paths)) < 2500
