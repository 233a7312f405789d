"""A group of neighbours, as tests need one."""

from stoep.operations.cast import JOINED_AT, Cast
from stoep.people.models import Group, GroupMember


def gather(
    cast: Cast, name: str = "To school together", *, is_open: bool = True, asking: tuple[str, ...] = ()
) -> Group:
    """Kept by the neighbour, with the second one in it; `asking`: who waits for a yes."""
    kermt = cast.neighbourhoods["Kermt"]
    there = Group.objects.filter(neighbourhood=kermt, name=name).first()
    if there is not None:
        return there
    made = Group.objects.create(
        neighbourhood=kermt, name=name, is_open=is_open, created_by=cast["neighbour"], created_at=JOINED_AT
    )
    for key in ("neighbour", "second-neighbour", *asking):
        GroupMember.objects.create(
            group=made,
            person=cast[key],
            is_keeper=key == "neighbour",
            asked_at=JOINED_AT,
            joined_at=None if key in asking else JOINED_AT,
        )
        # What was read before is not what holds now.
        cast[key].__dict__.pop("standing", None)
    return made
