"""The gate: invisible is 404, visible and not permitted is 403, and what staff does is written down."""

from uuid import uuid4

import pytest

from stoep.access.audience import Place, city_audience, home_audience
from stoep.access.gate import INSTALLATION, NotAllowed, NotVisible, may, require, who_may
from stoep.access.models import AccessLog, Audience, Hits, Once
from stoep.access.rules import ACTIONS
from stoep.access.scopes import municipality_id_of
from stoep.common import clock
from stoep.feed.models import Post
from stoep.operations.cast import Cast
from stoep.people.models import Department, Suspension
from stoep.people.models import RoleName as R


@pytest.fixture
def post(cast: Cast) -> Post:
    found: Post = Post.objects.create(
        author=cast["neighbour"],
        audience=home_audience(cast.neighbourhoods["Kermt"]),
        kind="question",
        title="Title",
        created_at=clock.now(),
    )
    return found


def test_who_may_passes_without_a_word(cast: Cast, post: Post) -> None:
    require(cast["neighbour"], "feed:post:edit", post, now=clock.now())
    assert not AccessLog.objects.exists()


def test_what_one_sees_and_may_not_change_is_refused(cast: Cast, post: Post) -> None:
    with pytest.raises(NotAllowed, match="feed:post:edit"):
        require(cast["second-neighbour"], "feed:post:edit", post, now=clock.now())


def test_what_one_does_not_see_is_not_there(cast: Cast, post: Post) -> None:
    for stranger in ("next-neighbourhood", "other-city", "editor", "suspended", "operator"):
        with pytest.raises(NotVisible):
            require(cast[stranger], "feed:post:edit", post, now=clock.now())


def test_what_staff_does_is_written_down_and_what_was_refused_is_not(cast: Cast) -> None:
    hasselt, now = cast.cities["hasselt"], clock.now()
    with pytest.raises(NotAllowed):
        require(cast["editor"], "cityhall:department:add", hasselt, now=now)
    assert not AccessLog.objects.exists()
    require(cast["city-admin"], "cityhall:department:add", hasselt, now=now)
    line = AccessLog.objects.get()
    assert (line.person, line.municipality, line.action) == (cast["city-admin"], hasselt, "cityhall:department:add")
    assert (line.subject_kind, line.subject_id, line.at) == ("municipality", hasselt.pk, now)


def test_the_operators_commands_pass_and_are_written_down_without_a_person(cast: Cast) -> None:
    require(INSTALLATION, "cityhall:staff:appoint", cast.cities["hasselt"], now=clock.now())
    assert AccessLog.objects.get().person is None
    require(INSTALLATION, "neighbours:person:change", cast["neighbour"], now=clock.now())
    assert AccessLog.objects.count() == 1


def test_no_staff_of_one_city_reaches_into_another(cast: Cast) -> None:
    """Every privileged action, asked of everybody about the other city."""
    there = Department.objects.create(municipality=cast.cities["diepenbeek"], name="Onthaal")
    for action, rule in ACTIONS.items():
        if rule.logged and rule.when is None:
            for person in cast.values():
                if person.municipality_id != there.municipality_id:
                    assert not may(person, action, there), action


def test_what_is_logged_must_belong_to_a_city(cast: Cast) -> None:
    """Else a privileged act would leave no trace."""
    with pytest.raises(LookupError):
        require(INSTALLATION, "cityhall:department:add", uuid4(), now=clock.now())
    assert not AccessLog.objects.exists()
    del cast


def test_a_lost_role_and_a_pause_count_from_the_next_request(cast: Cast, post: Post) -> None:
    from stoep.people.queries import person_with_standing

    Suspension.objects.create(person=cast["neighbour"], reason="x", started_at=clock.now())
    again = person_with_standing(cast["neighbour"].pk)
    assert again is not None
    assert not may(again, "feed:post:edit", post)
    cast["editor"].roles.update(ended_at=clock.now())
    editor = person_with_standing(cast["editor"].pk)
    assert editor is not None
    assert not may(editor, "cityhall:announcement:create", cast.departments["Communicatie"])


def test_an_action_about_the_wrong_kind_of_thing_is_for_nobody(cast: Cast) -> None:
    """A mistake in the code closes the door instead of opening it."""
    kermt, street = cast.neighbourhoods["Kermt"], cast.streets["Koorstraat"]
    for thing in (kermt, street):
        for action in ("feed:post:thank", "feed:post:create", "feed:post:solve"):
            rule = ACTIONS[action]
            for scope in rule.roles.values():
                assert not any(scope.holds(person.standing, thing) for person in cast.values()), action
                assert not scope.people(thing).exists(), action


def test_nobody_may_what_cannot_be_done(cast: Cast, post: Post) -> None:
    assert not who_may("feed:post:restore", post).exists()
    assert not may(cast["neighbour"], "feed:post:restore", post)


def test_an_audience_is_for_members_only(cast: Cast) -> None:
    audience = city_audience(cast.cities["hasselt"], everybody=True)
    included = {key for key, person in cast.items() if audience.includes(person.standing)}
    assert included == {"neighbour", "second-neighbour", "next-neighbourhood", "ambassador", "newcomer"}
    for key, person in cast.items():
        found = Audience.objects.including(person.standing).filter(pk=audience.pk).exists()
        assert found == (key in included), key
        assert audience.people().filter(pk=person.pk).exists() == (key in included), key


def test_rows_say_what_they_are(cast: Cast) -> None:
    """For the operator's eyes, without a name or a text in it."""
    hasselt, kermt = cast.cities["hasselt"], cast.neighbourhoods["Kermt"]
    audience = home_audience(kermt)
    assert str(audience) == f"audience {audience.pk}"
    assert str(audience.atoms.get()) == "Kermt / *"
    key = uuid4()
    claim = Once.objects.create(person=cast["neighbour"], key=key, action="a:b", created_at=clock.now())
    assert str(claim) == f"a:b {key}"
    require(INSTALLATION, "cityhall:department:add", hasselt, now=clock.now())
    assert str(AccessLog.objects.get()).endswith(" cityhall:department:add")
    assert Place(kermt.pk).key == f"{kermt.pk}/*"
    assert str(Hits(bucket="codes: home", count=3)) == "codes: home: 3"


def test_everything_belongs_to_one_city(cast: Cast, post: Post) -> None:
    hasselt = cast.cities["hasselt"].pk
    for thing in (post, post.audience, cast["neighbour"], cast.neighbourhoods["Kermt"], cast.cities["hasselt"]):
        assert municipality_id_of(thing) == hasselt
    assert municipality_id_of("a word") is None


def test_a_rule_of_two_reaches_is_written_with_both_signs() -> None:
    assert ACTIONS["feed:post:read"].roles[R.NEIGHBOUR].sign == "oh"
    assert ACTIONS["feed:post:read"].roles[R.EDITOR].sign == "sm"
