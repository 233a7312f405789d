"""Fills an installation for the rehearsals, as a program of its own: the cast, and a post by one of them."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def settle() -> None:
    from stoep.access.audience import home_audience
    from stoep.common import clock
    from stoep.feed.models import Post
    from stoep.operations.cast import make_cast
    from stoep.people.models import Membership

    cast = make_cast()
    for key in ("neighbour", "second-neighbour"):
        Post.objects.create(
            author=cast[key],
            membership=Membership.objects.get(person=cast[key], ended_at=None),
            audience=home_audience(cast.neighbourhoods["Kermt"]),
            kind="question",
            title=f"canary-title-of-{key}",
            body=f"canary-body-of-{key}",
            created_at=clock.now(),
        )
    print(cast["neighbour"].pk)


if __name__ == "__main__":
    django.setup()
    settle()
