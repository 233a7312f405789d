"""Answering: who may, who reads it, and the mail to whoever asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from stoep.access.audience import city_audience, home_audience
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.delivery.models import Mail, OutboxEntry
from stoep.delivery.sending import handle_entry
from stoep.feed.models import Comment, Post
from stoep.feed.tests.test_publish_post import NATIONAL_NUMBER
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast
from stoep.people.models import Role

GoesTo = Callable[[str], Visit]


def test_a_neighbour_answers_and_everybody_who_sees_the_post_reads_it(visit: GoesTo, cast: Cast) -> None:
    author, answerer = visit("neighbour"), visit("second-neighbour")
    post = author.place(adjacent=[cast.neighbourhoods["Tuilt"]])
    response = answerer.reply(post, "Come and get mine.")
    comment = Comment.objects.get()
    assert response.headers["Location"].endswith(f"/posts/{post.pk}/#comment-{comment.pk}")
    for reader in (author, visit("ambassador")):
        assert "Come and get mine." in reader.read(post)
        assert "Ahmed El Amrani" in reader.read(post)
        assert "1 answer<" in reader.feed()
    next_door = visit("next-neighbourhood")
    assert "Come and get mine." in next_door.read(post)
    assert "Ahmed E." in next_door.read(post)
    assert "El Amrani" not in next_door.read(post)
    post.refresh_from_db()
    assert post.comment_count == 1


def test_whoever_asked_is_mailed_once_and_nobody_else(visit: GoesTo, cast: Cast) -> None:
    post = visit("neighbour").place()
    visit("second-neighbour").answer(post, "I have one.")
    entry = OutboxEntry.objects.get(notice="feed.new_comment")
    for _again in range(2):
        handle_entry(entry.pk, now=clock.now())
    mail = Mail.objects.get(entry=entry)
    assert mail.person == cast["neighbour"]
    assert "I have one." in mail.text
    assert "Ahmed El Amrani" in mail.text
    assert "Ahmed El Amrani" not in mail.subject, "a subject is read over one's shoulder"
    assert f"/posts/{post.pk}/" in mail.text


def test_an_answer_to_oneself_is_no_mail(visit: GoesTo) -> None:
    author = visit("neighbour")
    author.answer(author.place())
    handle_entry(OutboxEntry.objects.get(notice="feed.new_comment").pk, now=clock.now())
    assert not Mail.objects.filter(kind="feed/mail/new_comment").exists()


def test_an_answer_removed_before_the_mail_was_made_is_not_mailed(visit: GoesTo) -> None:
    post = visit("neighbour").place()
    answerer = visit("second-neighbour")
    answerer.send("remove_comment", answerer.answer(post).pk)
    handle_entry(OutboxEntry.objects.get(notice="feed.new_comment").pk, now=clock.now())
    assert not Mail.objects.filter(kind="feed/mail/new_comment").exists()


@pytest.mark.parametrize(
    "words",
    ["", "  \n ", "\u200b\u2063", "a" * 2001, "\u0958" * 1500, f"Mine is {NATIONAL_NUMBER}"],
    ids=["nothing", "spaces", "invisible", "long", "long when kept", "national number"],
)
def test_what_cannot_be_placed_is_refused_and_kept(words: str, visit: GoesTo) -> None:
    post = visit("neighbour").place()
    response = visit("second-neighbour").reply(post, words)
    assert response.status_code == 422
    assert words.strip() in page(response)
    assert "error-summary" in page(response)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("next-neighbourhood", 404), ("other-city", 404), ("editor", 404)])
def test_who_does_not_see_the_post_cannot_answer(who: str, status: int, visit: GoesTo) -> None:
    assert visit(who).reply(visit("neighbour").place()).status_code == status
    assert not Comment.objects.exists()


def test_the_suspended_are_told_instead(visit: GoesTo) -> None:
    response = visit("suspended").reply(visit("neighbour").place())
    assert response.headers["Location"] == "/paused/"
    assert not Comment.objects.exists()


def test_a_newcomer_answers_only_whoever_invited_them(visit: GoesTo) -> None:
    by_inviter, by_other = visit("neighbour").place(), visit("second-neighbour").place("Another")
    newcomer = visit("newcomer")
    assert newcomer.reply(by_inviter).status_code == 302
    assert newcomer.reply(by_other).status_code == 403
    assert 'id="answer"' in newcomer.read(by_inviter)
    assert 'id="answer"' not in newcomer.read(by_other)
    assert Comment.objects.count() == 1


def test_the_city_reads_no_answers_to_a_shared_post_but_those_of_its_author(visit: GoesTo) -> None:
    author, editor = visit("neighbour"), visit("editor")
    post = author.place(shared=True)
    visit("second-neighbour").answer(post, "Between us")
    author.answer(post, "And by the way")
    html = editor.read(post)
    assert "And by the way" in html
    assert "Between us" not in html
    assert editor.reply(post).status_code == 403


def test_answers_to_the_city_are_for_the_neighbours_addressed_and_the_editors(visit: GoesTo, cast: Cast) -> None:
    post = _announcement(cast)
    reader = visit("neighbour")
    assert "editors do" in reader.read(post)
    reader.answer(post, "When does it end?")
    for who, sees in {
        "second-neighbour": True,
        "editor": True,
        "analyst": False,
        "city-admin": False,
        "moderator": False,
        "dpo": False,
        "operator": False,
    }.items():
        html = visit(who).read(post)
        assert post.title in html, who
        assert ("When does it end?" in html) == sees, who


def test_an_editor_answers_in_the_name_of_the_department(visit: GoesTo, cast: Cast) -> None:
    post = _announcement(cast)
    visit("editor").answer(post, "On Friday.")
    html = visit("neighbour").read(post)
    assert "On Friday." in html
    assert "Communicatie" in html
    assert cast["editor"].name not in html


def test_an_editor_of_one_department_answers_for_no_other(visit: GoesTo, cast: Cast) -> None:
    post, editor = _announcement(cast), visit("editor")
    Role.objects.filter(person=cast["editor"]).update(department=cast.departments["Openbare werken"])
    assert editor.reply(post).status_code == 403
    assert "Place answer" not in editor.read(post)
    Role.objects.filter(person=cast["editor"]).update(department=cast.departments["Communicatie"])
    assert "Place answer" in editor.read(post)
    assert editor.reply(post).status_code == 302


def test_who_shares_with_the_city_hears_that_it_reads_their_answers_too(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place(shared=True)
    assert "The city does too." in author.read(post)
    assert "The city does not." in visit("second-neighbour").read(post)


def test_closed_answers_stay_closed(visit: GoesTo, cast: Cast) -> None:
    post = _announcement(cast, comments_open=False)
    reader = visit("neighbour")
    assert "Answers are closed here." in reader.read(post)
    assert reader.reply(post).status_code == 403


def test_nothing_is_answered_that_is_gone(visit: GoesTo) -> None:
    author = visit("neighbour")
    post = author.place()
    author.send("remove_post", post.pk)
    assert visit("second-neighbour").reply(post).status_code == 404


def test_an_old_post_cannot_be_answered_by_a_newcomer(visit: GoesTo, cast: Cast) -> None:
    moment = clock.now() - timedelta(days=31)
    old = Post.objects.create(
        id=new_id(moment),
        author=cast["neighbour"],
        audience=home_audience(cast.neighbourhoods["Kermt"]),
        kind="question",
        title="Old",
        created_at=moment,
    )
    assert visit("newcomer").reply(old).status_code == 404
    assert visit("second-neighbour").reply(old).status_code == 302


def _announcement(cast: Cast, *, comments_open: bool = True) -> Post:
    return Post.objects.create(
        author=cast["editor"],
        audience=city_audience(cast.cities["hasselt"], everybody=True),
        speaking_for=cast.departments["Communicatie"],
        kind="announcement",
        title="The road is closed",
        comments_open=comments_open,
        created_at=clock.now(),
    )
