"""A block works both ways, everywhere, and says nothing; a mute concerns only who set it."""

import re
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.cityhall.actions import Places, announce
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.delivery.models import Mail, MailChoices, OutboxEntry, Pace
from stoep.delivery.sending import handle_entry
from stoep.feed import fragments
from stoep.feed.models import Post
from stoep.feed.queries import feed_cards, feed_heads
from stoep.feed.tests.crowded import fill
from stoep.feed.tests.test_feed_queries import COLD
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Household, Membership, Person
from stoep.people.queries import apart_from, person_with_standing


@pytest.fixture
def three(cast: Cast) -> tuple[Visit, Visit, Visit]:
    """Marie and Ahmed, between whom a block will stand, and Jos, who sees them both."""
    fragments.forget_cards()
    return Visit(cast["neighbour"]), Visit(cast["second-neighbour"]), Visit(cast["ambassador"])


def _block(one: Visit, other: Visit, **data: str) -> None:
    assert one.send("block", other.person.pk, **data).status_code == 302


def test_neither_sees_anything_of_the_other_whoever_blocked(three: tuple[Visit, Visit, Visit]) -> None:
    marie, ahmed, jos = three
    hers, his, third = marie.place("Her ladder"), ahmed.place("His drill"), jos.place("A third thing")
    marie.answer(third, "Her answer")
    ahmed.answer(third, "His answer")
    ahmed.answer(hers, "His answer to her")
    for who in (marie, ahmed):
        assert who.send("thanks", third.pk).status_code == 302
    _block(marie, ahmed)
    for me, other, post, words in ((marie, ahmed, his, ["His", "Ahmed"]), (ahmed, marie, hers, ["Her", "Marie"])):
        pages = [me.feed(), me.read(third), page(me.get("my_posts")), page(me.get("settings"))]
        assert not [word for word in words for html in pages if word in html]
        assert "Thanked 1" in me.feed()
        assert "Thanked 1" in me.read(third)
        assert "1 answer" in me.feed()
        assert str(other.person.pk) not in "".join(pages)
        for name, pk in (("post", post.pk), ("person", other.person.pk), ("block", other.person.pk)):
            assert me.get(name, pk).content == me.get(name, new_id()).content
        for name in ("thanks", "comments", "remove_post", "edit_post"):
            assert me.send(name, post.pk, body="x", request_key=str(new_id())).status_code == 404
    assert "His answer" in jos.read(third)
    assert "Her answer" in jos.read(third)
    assert "Thank you 2" in jos.feed()


def test_no_mail_passes_between_them_and_what_the_city_says_reaches_both(
    three: tuple[Visit, Visit, Visit], cast: Cast
) -> None:
    marie, ahmed, _jos = three
    post = marie.place("Her ladder", kind="help_wanted")
    ahmed.answer(post, "His answer")
    marie.send("solution", post.pk, helper=str(ahmed.person.pk), thank_you="Thanks")
    announce(
        author=cast["editor"],
        department=cast.departments["Communicatie"],
        title="Roadworks",
        body="",
        places=Places(everybody=True),
        comments_open=True,
        request_key=new_id(),
        now=clock.now(),
    )
    _block(ahmed, marie)
    for who in (marie, ahmed):  # most read the city's messages in the daily mail; these two want them at once
        MailChoices.objects.create(person=who.person, city=Pace.NOW, changed_at=clock.now())
    for entry in OutboxEntry.objects.all():
        handle_entry(entry.pk, now=clock.now())
    mails = {(mail.person_id, mail.kind.rsplit("/", 1)[-1]) for mail in Mail.objects.all()}
    pair = {marie.person.pk, ahmed.person.pk}
    assert {found for found in mails if found[0] in pair} == {(pk, "announcement") for pk in pair}
    assert "Roadworks" in marie.feed()
    assert "Roadworks" in ahmed.feed()


def test_who_was_blocked_is_told_nothing_and_cannot_undo_it(three: tuple[Visit, Visit, Visit]) -> None:
    marie, ahmed, _jos = three
    _block(marie, ahmed)
    html = page(ahmed.get("blocks"))
    assert "You blocked nobody." in html
    [block] = Block.objects.all()
    assert ahmed.send("remove_block", block.pk).status_code == 302
    assert ahmed.get("person", marie.person.pk).status_code == 404
    assert "Ahmed El Amrani" in page(marie.get("blocks"))


def test_unblocked_they_see_each_other_again(three: tuple[Visit, Visit, Visit]) -> None:
    marie, ahmed, _jos = three
    post = marie.place("Her ladder")
    _block(marie, ahmed)
    marie.send("remove_block", Block.objects.get().pk)
    assert "Her ladder" in ahmed.feed()
    assert ahmed.get("post", post.pk).status_code == 200


def _live_with(person: Person, other: Person) -> None:
    household = Membership.objects.get(person=person, ended_at=None).household
    Membership.objects.filter(person=other, ended_at=None).update(household=household)


def test_a_whole_letterbox_is_blocked_without_a_word_about_who_lives_there(
    three: tuple[Visit, Visit, Visit], cast: Cast
) -> None:
    marie, ahmed, jos = three
    jos.place("Of his flatmate")
    before = page(marie.get("block", ahmed.person.pk))
    _live_with(ahmed.person, jos.person)
    assert _without_token(page(marie.get("block", ahmed.person.pk))) == _without_token(before)
    _block(marie, ahmed, letterbox="on")
    assert "Of his flatmate" not in marie.feed()
    assert jos.get("person", marie.person.pk).status_code == 404
    listed = page(marie.get("blocks"))
    assert "Ahmed El Amrani" in listed
    assert "Vandersmissen" not in listed
    _live_with(cast["suspended"], jos.person)  # who moves away is free again
    assert jos.get("person", marie.person.pk).status_code == 200


def test_a_block_without_the_letterbox_leaves_the_others_there_alone(three: tuple[Visit, Visit, Visit]) -> None:
    marie, ahmed, jos = three
    _live_with(ahmed.person, jos.person)
    jos.place("Of his flatmate")
    _block(marie, ahmed)
    assert "Of his flatmate" in marie.feed()


def test_both_sides_of_a_block_are_the_same_wherever_it_is_asked(cast: Cast) -> None:
    """`Standing.apart`, by one statement, against `apart_from`, by a query set: for everybody, with letterboxes."""
    people = [person for person in cast.values() if not person.is_staff_member]
    home = Household.objects.get(memberships__person=cast["neighbour"])
    Membership.objects.filter(person=cast["newcomer"]).update(household=home)
    Block.objects.create(person=people[1], blocked=people[2], created_at=clock.now())
    Block.objects.create(person=cast["newcomer"], blocked=cast["neighbour"], household=home, created_at=clock.now())
    Block.objects.create(person=people[3], blocked=cast["neighbour"], household=home, created_at=clock.now())
    apart = {}
    for person in people:
        found = person_with_standing(person.pk)
        assert found is not None
        apart[person.pk] = found.standing.apart
        assert apart[person.pk] == set(apart_from([person.pk]).values_list("pk", flat=True))
    assert all((one in apart[other]) == (other in apart[one]) for one, other in permutations(apart, 2))
    assert {len(found) for found in apart.values()} > {0, 1}


def test_a_mute_hides_feed_answers_and_mails_for_one_and_nothing_for_the_other(
    three: tuple[Visit, Visit, Visit],
) -> None:
    marie, ahmed, jos = three
    his, hers = ahmed.place("His drill"), marie.place("Her ladder")
    ahmed.answer(hers, "His answer")
    assert marie.send("mute", ahmed.person.pk).status_code == 302
    assert "His drill" not in marie.feed()
    assert "His answer" not in marie.feed()
    assert "His drill" in marie.read(his)  # by its own address it is there
    assert "Her ladder" in ahmed.feed()
    assert "His drill" in jos.feed()
    for entry in OutboxEntry.objects.all():
        handle_entry(entry.pk, now=clock.now())
    assert not Mail.objects.filter(person=marie.person).exists()
    assert "Ahmed" in page(marie.get("blocks"))
    marie.send("unmute", ahmed.person.pk)
    assert "His drill" in marie.feed()


def test_who_blocked_somebody_has_no_kept_cards_and_no_more_queries(
    three: tuple[Visit, Visit, Visit], cast: Cast
) -> None:
    fill(cast, posts=200)
    marie, ahmed, jos = three
    jos.feed()
    kept = dict(fragments._kept)
    _block(marie, ahmed)
    marie.feed()
    assert fragments._kept == kept
    with CaptureQueriesContext(connection) as queries:
        assert "<article" in marie.feed()
    assert len(queries) <= COLD


@pytest.mark.parametrize("key", ["neighbour", "second-neighbour"])
def test_the_feed_is_still_what_is_visible_for_both(key: str, cast: Cast) -> None:
    fill(cast, posts=300)
    Block.objects.create(person=cast["neighbour"], blocked=cast["second-neighbour"], created_at=clock.now())
    person = person_with_standing(cast[key].pk)
    assert person is not None
    heads = feed_heads(person.standing, most=10_000)
    visible = list(Post.objects.all().visible_to(person).order_by("-id").values_list("pk", flat=True))
    assert [head.id for head in heads] == visible
    apart = person.standing.apart
    for card in feed_cards(person.standing, heads).values():
        post = Post.objects.get(pk=card.id)
        assert card.author_id not in apart
        assert not [answer for answer in card.answers if answer.author_id in apart]
        if next(head for head in heads if head.id == card.id).is_addressed:
            comments = post.comments.filter(removed_at=None).exclude(author__in=apart)
            assert card.comment_count == comments.count()
        assert card.thanks_count == post.thanks.exclude(person__in=apart).count()


def _without_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
