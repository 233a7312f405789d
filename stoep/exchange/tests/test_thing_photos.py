"""A photo of a thing that somebody ticked: for who finds the thing, reported and hidden with it, gone with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from stoep.common import clock
from stoep.exchange.models import Item
from stoep.exchange.tests.sharing import Visit, page
from stoep.media.making import sweep
from stoep.media.models import SIZES, Photo
from stoep.media.tests import pictures
from stoep.media.tests.photographing import make_all
from stoep.moderation.deciding import end_what_is_over
from stoep.moderation.models import Case
from stoep.moderation.tests.test_deciding import WHY
from stoep.moderation.tests.test_reporting import report
from stoep.operations.cast import Cast
from stoep.people.models import Block

GoesTo = Callable[[str], Visit]


def ticked(somebody: Visit, thing: str = "drill") -> Item:
    somebody.send("at_home", things=[thing])
    return Item.objects.get(author=somebody.person, common=thing, removed_at=None)


def show(somebody: Visit, item: Item, content: bytes | None = None, *, alt: str = "", is_made: bool = True) -> Any:
    file = SimpleUploadedFile("drill.jpg", pictures.jpeg() if content is None else content)
    response = somebody.send("thing_photo", item.pk, photo=file, alt=alt)
    if is_made:
        make_all()
    return response


def test_it_stands_on_the_shelf_and_on_the_page_of_the_thing_with_its_words(visit: GoesTo) -> None:
    lender, other = visit("neighbour"), visit("second-neighbour")
    drill = ticked(lender)
    assert reverse("thing_photo", args=[drill.pk]) in page(lender.get("thing", drill.pk))
    sent = show(lender, drill, alt="A green drill", is_made=False)
    assert sent.headers["Location"] == reverse("thing", args=[drill.pk])
    assert "The photo comes in a moment." in page(lender.get("thing", drill.pk))
    make_all()
    [photo] = Photo.objects.all()
    assert f"/photos/{photo.pk}/" in page(other.get("shelf"))
    html = page(other.get("thing", drill.pk))
    assert f"/photos/{photo.pk}/" in html
    assert "A green drill" in html
    for size in SIZES:
        assert other.get("photo_file", photo.pk, size).status_code == 200


@pytest.mark.parametrize("who", ["newcomer", "next-neighbourhood", "other-city", "editor", "moderator", "blocked"])
def test_who_does_not_find_the_thing_does_not_find_its_photo(who: str, visit: GoesTo, cast: Cast) -> None:
    lender = visit("neighbour")
    drill = ticked(lender)
    show(lender, drill)
    [photo] = Photo.objects.all()
    if who == "newcomer":
        Item.objects.update(created_at=clock.now() - timedelta(days=400))
    if who == "blocked":
        who = "second-neighbour"
        Block.objects.create(person=cast[who], blocked=cast["neighbour"], created_at=clock.now())
    for size in SIZES:
        assert visit(who).get("photo_file", photo.pk, size).status_code == 404


def test_only_its_owner_changes_it_and_only_where_no_message_tells_of_it(visit: GoesTo) -> None:
    lender, other = visit("neighbour"), visit("second-neighbour")
    drill, told = ticked(lender), lender.put_down("Saw")
    assert show(other, drill).status_code == 403
    assert show(visit("next-neighbourhood"), drill).status_code == 404
    assert show(lender, told).status_code == 403, "its message has the photos"
    assert other.send("thing_photo", drill.pk, do="remove").status_code == 403
    assert reverse("thing_photo", args=[drill.pk]) not in page(other.get("thing", drill.pk))
    assert not Photo.objects.exists()


def test_a_new_one_takes_the_place_of_the_old_and_it_goes_as_easily_as_it_came(visit: GoesTo) -> None:
    lender = visit("neighbour")
    drill = ticked(lender)
    show(lender, drill)
    [old] = Photo.objects.all()
    show(lender, drill, pictures.png(pictures.photo(300, 300, "teal")), is_made=False)
    assert lender.get("photo_file", old.pk, "thumb").status_code == 200, "until the new one is there"
    make_all()
    [new] = Photo.objects.all()
    assert new.pk != old.pk
    lender.send("thing_photo", drill.pk, do="remove")
    assert not Photo.objects.exists()


@pytest.mark.parametrize("content", [b"", b"<svg/>", pictures.png_that_says(9_000, 9_000)], ids=["none", "svg", "huge"])
def test_what_is_no_photo_is_refused_kindly_and_its_words_are_kept(content: bytes, visit: GoesTo) -> None:
    lender = visit("neighbour")
    response = show(lender, ticked(lender), content, alt="A green drill")
    assert response.status_code == 422
    assert "A green drill" in page(response)
    assert not Photo.objects.exists()


def test_a_large_file_passes_at_this_door_of_who_is_signed_in(visit: GoesTo) -> None:
    lender = visit("neighbour")
    path = reverse("thing_photo", args=[ticked(lender).pk])
    large = {"photo": SimpleUploadedFile("drill.jpg", b"\0" * 5_000_000)}
    assert lender.client.post(path, large).status_code == 422, "read, and found to be no photo"
    large["photo"].seek(0)
    assert Client().post(path, large).status_code == 413


def test_words_with_a_national_number_are_refused_and_no_photo_is_kept(visit: GoesTo) -> None:
    lender = visit("neighbour")
    response = show(lender, ticked(lender), alt="85.07.30-033.28")
    assert response.status_code == 422
    assert "national register number" in page(response)
    assert not Photo.objects.exists()


def test_it_is_gone_the_night_after_the_thing_left_the_shelf(visit: GoesTo) -> None:
    lender, other = visit("neighbour"), visit("second-neighbour")
    drill = ticked(lender)
    show(lender, drill)
    [photo] = Photo.objects.all()
    lender.send("at_home", things=[])
    assert other.get("photo_file", photo.pk, "thumb").status_code == 404
    sweep(now=clock.now())
    assert not Photo.objects.exists()


def test_a_moderator_sees_what_was_reported_takes_it_off_for_a_time_and_it_comes_back(visit: GoesTo) -> None:
    lender, other = visit("neighbour"), visit("second-neighbour")
    drill = ticked(lender)
    show(lender, drill)
    [photo] = Photo.objects.all()
    assert reverse("report", args=["item", drill.pk]) in page(other.get("thing", drill.pk))
    assert visit("next-neighbourhood").get("report", "item", drill.pk).status_code == 404
    assert lender.get("report", "item", drill.pk).status_code == 403
    report(other, "item", drill.pk)
    case = Case.objects.get()
    assert f"/photos/{photo.pk}/thumb/" in page(visit("moderator").get("case", case.pk))
    assert visit("moderator").get("photo_file", photo.pk, "720").status_code == 200
    assert visit("editor").get("photo_file", photo.pk, "720").status_code == 404
    assert visit("moderator").send("case", case.pk, outcome="hide", days=1, **WHY).status_code == 302
    assert other.get("thing", drill.pk).status_code == 404
    for who in ("moderator", "second-neighbour"):
        assert visit(who).get("photo_file", photo.pk, "720").status_code == 404
    sweep(now=clock.now())
    end_what_is_over(now=clock.now() + timedelta(days=1, hours=1))
    assert f"/photos/{photo.pk}/" in page(other.get("thing", drill.pk))


def test_what_was_ticked_anew_meanwhile_is_there_once(visit: GoesTo) -> None:
    lender = visit("neighbour")
    report(visit("second-neighbour"), "item", ticked(lender).pk)
    visit("moderator").send("case", Case.objects.get().pk, outcome="hide", days=1, **WHY)
    anew = ticked(lender)
    end_what_is_over(now=clock.now() + timedelta(days=1, hours=1))
    assert Item.objects.get(removed_at=None) == anew


def test_photos_of_a_reported_message_and_of_a_reported_neighbour_are_seen_by_the_moderator(visit: GoesTo) -> None:
    author = visit("neighbour")
    drill = author.put_down("Drill")
    author.send("my_photo", photo=SimpleUploadedFile("me.jpg", pictures.jpeg()))
    make_all()
    Photo.objects.create(
        municipality=author.person.municipality,
        author=author.person,
        owner_kind="post",
        owner_id=drill.told_by_id,
        width=9,
        height=9,
        created_at=clock.now(),
    )
    for kind, subject in (("post", drill.told_by_id), ("person", author.person.pk)):
        report(visit("second-neighbour"), kind, subject)
        photo = Photo.objects.get(owner_kind=kind)
        assert f"thumb-{photo.pk}" in page(visit("moderator").get("case", Case.objects.get(subject_kind=kind).pk))
