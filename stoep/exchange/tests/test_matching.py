"""Who ticked a skill hears of who needs it: quietly, a few people, once a day; and the feed shows what waits."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.common import clock
from stoep.common.ids import new_id
from stoep.delivery.bell import bell_lines
from stoep.delivery.models import Mail, MailChoices, Notification, OutboxEntry, Pace
from stoep.delivery.sending import handle_entry
from stoep.exchange.helping_matching import MOST_PEOPLE
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Membership, Mute, Person, PersonSkill
from stoep.people.queries import person_with_standing

GoesTo = Callable[[str], Visit]


def test_who_ticked_it_hears_of_it_behind_the_bell_and_by_no_mail(visit: GoesTo, cast: Cast) -> None:
    _ticked(cast, "second-neighbour", "neighbour", "next-neighbourhood", "newcomer")
    MailChoices.objects.create(person=cast["second-neighbour"], neighbourhood=Pace.NOW, changed_at=clock.now())
    post = _asked(visit("neighbour"))
    assert _rung(post) == {cast["second-neighbour"].pk}
    reader = person_with_standing(cast["second-neighbour"].pk)
    assert reader is not None
    assert [line.text for line in bell_lines(reader)] == ["Can you help Marie Peeters?"]
    assert not Mail.objects.filter(kind="exchange/mail/help").exists()
    assert "Walking a dog" in visit("second-neighbour").feed()
    visit("neighbour").send("solution", post.pk, helper="", thank_you="")
    assert bell_lines(reader) == []


def test_nobody_hears_of_it_twice_a_day_nor_through_a_block_or_a_mute(visit: GoesTo, cast: Cast) -> None:
    now = clock.now()
    _ticked(cast, "second-neighbour", "ambassador")
    Block.objects.create(person=cast["ambassador"], blocked=cast["neighbour"], created_at=now)
    author = visit("neighbour")
    assert _rung(_asked(author)) == {cast["second-neighbour"].pk}
    assert _rung(_asked(author)) == set()
    with clock.frozen(now + timedelta(days=2)):
        assert _rung(_asked(author)) == {cast["second-neighbour"].pk}
        Mute.objects.create(person=cast["second-neighbour"], muted=cast["neighbour"], created_at=now)
    with clock.frozen(now + timedelta(days=4)):
        assert _rung(_asked(author)) == set()


def test_a_few_of_many_and_handled_again_the_same(visit: GoesTo, cast: Cast) -> None:
    for number in range(12):
        person = Person.objects.create(
            municipality=cast["neighbour"].municipality, name=f"Piet {number}", joined_at=clock.now()
        )
        kermt, proof = cast.neighbourhoods["Kermt"], Membership.Proof.LETTER
        Membership.objects.create(person=person, neighbourhood=kermt, proof=proof, started_at=clock.now())
        PersonSkill.objects.create(person=person, skill="dog", created_at=clock.now())
    post = _asked(visit("neighbour"))
    first = _rung(post)
    assert len(first) == MOST_PEOPLE
    OutboxEntry.objects.filter(notice="exchange.matching").update(handled_at=None)
    assert _rung(post) == first


def test_it_is_told_when_the_skill_is_chosen_and_not_with_every_change(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = _asked(author)
    for words in ("Please", "Please!"):
        author.send("edit_post", post.pk, title=post.title, body=words, **{"help-skill": "dog"})
    assert OutboxEntry.objects.filter(notice="exchange.matching").count() == 1
    author.send("edit_post", post.pk, title=post.title, body="Or this", **{"help-skill": "lift"})
    assert OutboxEntry.objects.filter(notice="exchange.matching").count() == 2


def test_beside_the_feed_stand_those_that_wait_longest_and_no_others(visit: GoesTo, cast: Cast) -> None:
    reader, author = visit("second-neighbour"), visit("neighbour")
    posts = [_old(author, f"Request {number}", days=number) for number in range(7)]
    _old(author, "Forgotten", days=20)
    visit("ambassador").answer(posts[6])
    visit("ambassador").send("helpers", posts[5].pk)
    author.send("choose_helper", posts[5].pk, posts[5].help_offers.get().pk)
    _old(Visit(cast["second-neighbour"]), "My own", days=6)
    side = _side(reader)
    assert [title for title in side if title in reader.feed()] == ["Request 4", "Request 3", "Request 2"]
    assert "Waiting for help" not in visit("next-neighbourhood").feed()
    Mute.objects.create(person=cast["second-neighbour"], muted=cast["neighbour"], created_at=clock.now())
    assert "Waiting for help" not in visit("second-neighbour").feed()


def test_beside_the_feed_costs_one_question(visit: GoesTo) -> None:
    reader, author = visit("second-neighbour"), visit("neighbour")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            reader.feed()
        return len([one for one in asked.captured_queries if "exchange_helpoffer" in one["sql"]])

    for number in range(3):
        _old(author, f"Request {number}", days=number + 1)
    first = queries()
    assert first == queries() + 1, "the cards are kept; what stands beside is asked anew"


def _side(reader: Visit) -> list[str]:
    html = reader.feed()
    part = html[html.index('id="waiting"') :]
    part = part[: part.index("</section>")]
    return [line.split(">")[-1] for line in part.split("</a>")[:-1]]


def _ticked(cast: Cast, *keys: str) -> None:
    PersonSkill.objects.bulk_create(PersonSkill(person=cast[key], skill="dog", created_at=clock.now()) for key in keys)


def _asked(author: Visit) -> Post:
    before = set(Post.objects.values_list("pk", flat=True))
    data = {"kind": "help_wanted", "title": "Who walks my dog?", "request_key": str(uuid4()), "help-skill": "dog"}
    response = author.send("posts", **data)
    assert response.status_code == 302, page(response)
    found: Post = Post.objects.exclude(pk__in=before).get()
    return found


def _old(author: Visit, title: str, *, days: int) -> Post:
    """Placed so long ago, with an id of that moment."""
    membership = Membership.objects.get(person=author.person)
    audience = author.place(kind="question").audience
    then = clock.now() - timedelta(days=days, hours=4)
    facts = {"author": author.person, "audience": audience, "membership": membership, "created_at": then}
    made: Post = Post.objects.create(id=new_id(then), kind="help_wanted", title=title, **facts)
    return made


def _rung(post: Post) -> set[object]:
    for entry in OutboxEntry.objects.filter(notice="exchange.matching", handled_at=None):
        handle_entry(entry.pk, now=clock.now())
    return set(Notification.objects.filter(subject_id=post.pk).values_list("person_id", flat=True))
