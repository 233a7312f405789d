"""Builds what a checkout needs before it runs: the command, translations, style, scripts, fonts, icons.

As `python -m stoep.operations.building` it needs no settings and no database, so it is the first step of an install.
"""

import sys

from stoep.operations import preparing
from stoep.operations.trouble import OperatorError


def build() -> None:
    """Raises OperatorError."""
    preparing.make_command()
    try:
        preparing.translations()
        preparing.built_files()
    except OperatorError as error:
        raise OperatorError(f"{error} Building needs what requirements/build.txt names.") from error
    print("Built.")


if __name__ == "__main__":
    try:
        build()
    except OperatorError as error:
        sys.exit(f"stoep: {error}")
