"""Fills a fresh database with the cast and some letter codes; run as a program of its own, with the town's settings."""

import os
from datetime import timedelta

import django

LETTERS = 30


def main() -> None:
    """Everybody of the cast is who `/demo/session/` knows, and unused codes lie ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from stoep.common import clock
    from stoep.joining import codes
    from stoep.joining.models import LetterCode
    from stoep.operations import demo_register
    from stoep.operations.cast import make_cast
    from stoep.places.models import Address

    now = clock.now()
    cast = make_cast(now - timedelta(days=60))
    doors = Address.objects.filter(neighbourhood=cast.neighbourhoods["Kermt"], household=None).order_by("id")
    fresh = codes.new_codes(LETTERS)
    LetterCode.objects.bulk_create(
        LetterCode(
            municipality=door.municipality,
            address=door,
            code_hash=codes.code_hash(code),
            created_at=now,
            expires_at=now + timedelta(days=90),
        )
        for door, code in zip(_again(list(doors), LETTERS), fresh, strict=True)
    )
    tried = [demo_register.TryCode(code, "Koorstraat", "Kermt") for code in fresh]
    people = {key: str(person.pk) for key, person in cast.people.items()}
    demo_register.write(demo_register.Register(people=people, codes=tried))


def _again(doors: list[object], count: int) -> list[object]:
    """The doors in turn, some of them twice."""
    return [doors[at % len(doors)] for at in range(count)]


if __name__ == "__main__":
    main()
