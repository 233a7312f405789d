"""The files of two cities that lie beside the checkout. A test that needs them fails without them, and says so."""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def city_files() -> Path:
    if not _FOLDER.is_dir():
        pytest.fail(f"The files of real cities are not there: put them in {_FOLDER}.")
    return _FOLDER
