"""Thank you: once each, taken back at will, and the card that comes back is the card of the feed."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from stoep.feed.models import Post, Thanks
from stoep.feed.tests.visits import Visit, page
from stoep.operations.cast import Cast

GoesTo = Callable[[str], Visit]


def test_said_twice_it_counts_once_and_is_taken_back_once(visit: GoesTo) -> None:
    reader, other = visit("second-neighbour"), visit("ambassador")
    post = visit("neighbour").place()
    for _twice in range(2):
        reader.send("thanks", post.pk)
    other.send("thanks", post.pk)
    assert _count(post) == 2
    assert "Thanked 2" in reader.feed()
    assert "Thank you 2" in visit("neighbour").feed()
    for _twice in range(2):
        reader.send("remove_thanks", post.pk)
    assert _count(post) == 1
    assert "Thank you 1" in reader.feed()
    assert Thanks.objects.get().person_id == other.person.pk


def test_one_goes_back_to_where_one_was(visit: GoesTo) -> None:
    reader, post = visit("second-neighbour"), visit("neighbour").place()
    back = reader.send("thanks", post.pk, next="/?kind=help").headers["Location"]
    assert back == f"/?kind=help#post-{post.pk}"
    for elsewhere in ("https://example.org/", "//example.org/", r"/\example.org", ""):
        assert reader.send("thanks", post.pk, next=elsewhere).headers["Location"].startswith(f"/posts/{post.pk}/")


def test_a_script_gets_the_same_card_as_the_feed(visit: GoesTo, cast: Cast) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    posts = [author.place(f"Title {n}", adjacent=[cast.neighbourhoods["Tuilt"]]) for n in range(3)]
    for post in posts:
        for name in ("thanks", "remove_thanks"):
            for visitor in (reader, author, visit("newcomer"), visit("next-neighbourhood")):
                url = f"/posts/{post.pk}/thanks/" + ("removal/" if name == "remove_thanks" else "")
                response = visitor.client.post(url, headers={"HX-Request": "true"})
                assert response.status_code == 200
                assert page(response).strip() == _card(visitor.feed(), post).strip()
                assert ("Thanked" in page(response)) == (name == "thanks")


def test_a_newcomer_thanks_too(visit: GoesTo) -> None:
    post = visit("neighbour").place()
    assert visit("newcomer").send("thanks", post.pk).status_code == 302
    assert _count(post) == 1


@pytest.mark.parametrize(("who", "status"), [("next-neighbourhood", 404), ("other-city", 404), ("editor", 403)])
def test_who_may_not_does_not_count(who: str, status: int, visit: GoesTo) -> None:
    post = visit("neighbour").place(shared=True)
    for name in ("thanks", "remove_thanks"):
        assert visit(who).send(name, post.pk).status_code == status
        assert visit(who).send(name, uuid4()).status_code == 404
    assert _count(post) == 0
    assert visit("suspended").send("thanks", post.pk).headers["Location"] == "/paused/"


def _count(post: Post) -> int:
    post.refresh_from_db()
    assert post.thanks_count == post.thanks.count()
    return post.thanks_count


def _card(html: str, post: Post) -> str:
    found = re.search(rf'<article [^>]*id="post-{post.pk}">.*?</article>', html, re.DOTALL)
    assert found
    return found[0]
