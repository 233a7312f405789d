"""Somebody asks for help, neighbours offer it, one is chosen; and each of them hears what they must."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoep.common import clock
from stoep.conversations.models import Message
from stoep.delivery.bell import bell_lines
from stoep.delivery.models import Mail, Notification, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.exchange.helping import MOST_OFFERS
from stoep.exchange.models import HelpOffer
from stoep.feed.models import Post
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Block, Person
from stoep.people.queries import person_with_standing

GoesTo = Callable[[str], Visit]
WALK = "Who walks my dog?"


def test_who_wants_to_help_says_so_and_whoever_asked_chooses(visit: GoesTo, cast: Cast) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = author.place(WALK, kind="help_wanted")
    assert f'href="/posts/{post.pk}/helpers/"' in helper.feed()
    assert "Marie Peeters sees that you want to help" in page(helper.get("helpers", post.pk))
    assert helper.send("helpers", post.pk).headers["Location"] == f"/posts/{post.pk}/"
    assert "You want to help" in helper.read(post)
    assert _told("exchange.offer") == [cast["neighbour"]]
    assert "Ahmed El Amrani wants to help you" in _mails()[0].text
    html = author.read(post)
    assert "Take the help of Ahmed" in html
    assert _choose(author, post, cast["second-neighbour"]).status_code == 302
    assert "You take the help of Ahmed El Amrani." in author.read(post)
    assert _told("exchange.chosen") == [cast["second-neighbour"]]
    assert "Marie Peeters gladly takes your help." in helper.read(post)
    other = visit("ambassador")
    assert "Somebody helps" in other.feed()
    assert "Ahmed" not in other.read(post), "who offered is between the two, until they are thanked"


def test_solved_it_names_who_helped_and_the_others_hear_a_kind_word(visit: GoesTo, cast: Cast) -> None:
    author, helper, other = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post = author.place(WALK, kind="help_wanted", shared=True, adjacent=[cast.neighbourhoods["Tuilt"]])
    helper.send("helpers", post.pk)
    other.send("helpers", post.pk)
    assert "Ahmed El Amrani" in page(author.get("solution", post.pk))
    author.send("solution", post.pk, helper=str(cast["second-neighbour"].pk), thank_you="You are gold.")
    assert "Thanks to Ahmed El Amrani." in author.read(post)
    assert "Thanks to Ahmed E." in visit("next-neighbourhood").read(post)
    assert "Ahmed" not in visit("editor").read(post)
    assert _told("exchange.help_found") == [cast["ambassador"]]
    assert "Thank you for that." in _mails()[-1].text
    assert "Somebody helps" not in other.feed()
    assert "I want to help" not in other.read(post)


def test_the_one_who_was_chosen_cannot_come_and_another_can(visit: GoesTo, cast: Cast) -> None:
    author, helper, other = visit("neighbour"), visit("second-neighbour"), visit("next-neighbourhood")
    post = author.place(WALK, kind="help_wanted", adjacent=[cast.neighbourhoods["Tuilt"]])
    helper.send("helpers", post.pk)
    other.send("helpers", post.pk)
    _choose(author, post, cast["second-neighbour"])
    refused = _choose(author, post, cast["next-neighbourhood"])
    assert refused.status_code == 422
    assert "You asked somebody else already." in page(refused)
    helper.send("remove_help_offer", post.pk)
    assert _told("exchange.helper_gone") == [cast["neighbour"]]
    assert "Somebody helps" not in author.feed()
    _choose(author, post, cast["next-neighbourhood"])
    author.send("remove_choice", post.pk)
    assert _told("exchange.let_go") == [cast["next-neighbourhood"]]
    assert "Take the help of Sofie" in author.read(post)
    helper.send("helpers", post.pk)
    assert HelpOffer.objects.filter(post=post, withdrawn_at=None, chosen_at=None).count() == 2


def test_pressed_twice_it_is_done_once(visit: GoesTo, cast: Cast) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = author.place(WALK, kind="help_wanted")
    for _again in range(2):
        assert helper.send("helpers", post.pk).status_code == 302
    for _again in range(2):
        assert _choose(author, post, cast["second-neighbour"]).status_code == 302
    for name in ("remove_choice", "remove_choice"):
        assert author.send(name, post.pk).status_code == 302
    for name in ("remove_help_offer", "remove_help_offer"):
        assert helper.send(name, post.pk).status_code == 302
    told = OutboxEntry.objects.filter(notice__startswith="exchange.").values_list("notice", flat=True)
    assert sorted(told) == ["exchange.chosen", "exchange.let_go", "exchange.offer"]


def test_too_late_it_leads_back_to_the_message(visit: GoesTo, cast: Cast) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = author.place(WALK, kind="help_wanted")
    helper.send("helpers", post.pk)
    author.send("solution", post.pk, helper="", thank_you="")
    for key, name in (
        ("ambassador", "helpers"),
        ("second-neighbour", "remove_help_offer"),
        ("neighbour", "remove_choice"),
    ):
        assert visit(key).send(name, post.pk).headers["Location"] == f"/posts/{post.pk}/"
    assert _choose(author, post, cast["second-neighbour"]).status_code == 302
    assert not HelpOffer.objects.exclude(chosen_at=None, withdrawn_at=None, helper=cast["second-neighbour"]).exists()


def test_who_is_not_vouched_for_reads_how_they_can_help(visit: GoesTo) -> None:
    post, newcomer = visit("neighbour").place(WALK, kind="help_wanted"), visit("newcomer")
    assert "You are here on invitation." in page(newcomer.get("helpers", post.pk))
    assert newcomer.send("helpers", post.pk).status_code == 403
    assert not HelpOffer.objects.exists()


def test_nobody_chooses_for_somebody_else_nor_what_was_never_offered(visit: GoesTo) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post, elsewhere = author.place(WALK, kind="help_wanted"), author.place("Another", kind="help_wanted")
    helper.send("helpers", post.pk)
    offer = HelpOffer.objects.get()
    assert helper.send("choose_helper", post.pk, offer.pk).status_code == 403
    assert visit("next-neighbourhood").send("choose_helper", post.pk, offer.pk).status_code == 404
    assert author.send("choose_helper", elsewhere.pk, offer.pk).status_code == 404
    assert author.send("choose_helper", post.pk, uuid4()).status_code == 404
    helper.send("remove_help_offer", post.pk)
    assert "can help no more" in page(author.send("choose_helper", post.pk, offer.pk))
    assert not HelpOffer.objects.filter(chosen_at__isnull=False).exists()


def test_a_block_keeps_both_out_of_each_others_help(visit: GoesTo, cast: Cast) -> None:
    author, helper, other = visit("neighbour"), visit("second-neighbour"), visit("ambassador")
    post = author.place(WALK, kind="help_wanted")
    helper.send("helpers", post.pk)
    other.send("helpers", post.pk)
    _choose(author, post, cast["second-neighbour"])
    Block.objects.create(person=cast["neighbour"], blocked=cast["second-neighbour"], created_at=clock.now())
    assert "Ahmed" not in author.read(post)
    assert "Ahmed" not in page(author.get("solution", post.pk))
    assert _told("exchange.offer") == [cast["neighbour"]]
    assert [mail for mail in _mails() if "Ahmed" in mail.text] == []
    assert _choose(author, post, cast["second-neighbour"]).status_code == 422
    assert _choose(author, post, cast["ambassador"]).status_code == 302
    assert "You take the help of Jos" in author.read(post)


def test_somebody_who_presses_everywhere_is_stopped(visit: GoesTo, cast: Cast) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    for _each in range(MOST_OFFERS):
        past = author.place(kind="help_wanted")
        HelpOffer.objects.create(post=past, helper=cast["second-neighbour"], offered_at=clock.now())
    response = helper.send("helpers", author.place(WALK, kind="help_wanted").pk)
    assert response.status_code == 422
    assert "Tomorrow you can go on." in page(response)


def test_the_bell_names_the_newest_and_counts_the_others(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    post = author.place(WALK, kind="help_wanted")
    for key in ("second-neighbour", "ambassador"):
        visit(key).send("helpers", post.pk)
        _told("exchange.offer")
    lines = bell_lines(person_with_standing(cast["neighbour"].pk) or cast["neighbour"])
    assert [line.text for line in lines] == ["Jos Vandersmissen and 1 other want to help you"]
    assert lines[0].link == f"/posts/{post.pk}/"


def test_the_page_asks_the_database_no_more_for_many_helpers(visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    post = author.place(WALK, kind="help_wanted")

    def queries(number: int) -> int:
        for each in range(number):
            person = Person.objects.create(
                municipality=cast["neighbour"].municipality, name=f"Piet {each}", joined_at=clock.now()
            )
            HelpOffer.objects.create(post=post, helper=person, offered_at=clock.now())
        with CaptureQueriesContext(connection) as asked:
            author.read(post)
        return len(asked)

    assert queries(3) == queries(27)


def _choose(author: Visit, post: Post, helper: Person) -> Any:
    offer = HelpOffer.objects.get(post=post, helper=helper)
    return author.send("choose_helper", post.pk, offer.pk)


def _told(notice: str) -> list[Person]:
    """Makes the mails of what was told; answers who hears of it behind the bell."""
    for entry in OutboxEntry.objects.filter(notice=notice, handled_at=None).order_by("told_at"):
        handle_entry(entry.pk, now=clock.now())
    return [each.person for each in Notification.objects.filter(notice=notice).distinct()]


def _mails() -> list[Mail]:
    return list(Mail.objects.filter(kind="exchange/mail/help").order_by("id"))


def test_a_word_begins_a_conversation_between_the_two(visit: GoesTo) -> None:
    author, helper = visit("neighbour"), visit("second-neighbour")
    post = author.place(WALK, kind="help_wanted")
    assert "I can help with “" in page(helper.get("helpers", post.pk))
    facts = {"words": "I can come at four.", "request_key": str(uuid4())}
    for _twice in range(2):
        assert helper.send("helpers", post.pk, **facts).status_code == 302
    [message] = Message.objects.all()
    assert message.body == "I can come at four."
    assert "I can come at four." in page(author.get("conversation", message.conversation_id))
    assert visit("ambassador").get("conversation", message.conversation_id).status_code == 404


def test_a_word_that_cannot_be_sent_is_kept_and_nothing_is_offered(visit: GoesTo) -> None:
    helper = visit("second-neighbour")
    post = visit("neighbour").place(WALK, kind="help_wanted")
    refused = helper.send("helpers", post.pk, words="My number is 85.07.30-033 28")
    assert refused.status_code == 422
    assert "85.07.30-033 28" in page(refused)
    assert not HelpOffer.objects.exists()
    assert not Message.objects.exists()
