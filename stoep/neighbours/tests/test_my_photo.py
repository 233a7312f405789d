"""A photo beside one's name: for who sees the whole name, with consent written down, and gone as easily as given."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stoep.common import clock
from stoep.feed.fragments import forget_cards
from stoep.feed.tests.visits import Visit, page
from stoep.media.models import SIZES, Photo
from stoep.media.tests import pictures
from stoep.media.tests.photographing import make_all
from stoep.operations.cast import Cast
from stoep.people.data_map import taken_back
from stoep.people.models import Block, Consent

GoesTo = Callable[[str], Visit]


@pytest.fixture
def visit(cast: Cast) -> GoesTo:
    forget_cards()
    return lambda key: Visit(cast[key])


def show(somebody: Visit, content: bytes | None = None, *, is_made: bool = True) -> Any:
    file = SimpleUploadedFile("me.jpg", pictures.jpeg() if content is None else content)
    response = somebody.send("my_photo", photo=file)
    if is_made:
        make_all()
    return response


def test_neighbours_see_it_on_cards_answers_and_the_profile(visit: GoesTo, cast: Cast) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post = author.place()
    author.answer(post, "Anybody?")
    assert "avatar__photo" not in reader.feed()
    assert show(author).headers["Location"] == "/me/photo/"
    [photo] = Photo.objects.all()
    for html in (reader.feed(), reader.read(post)):
        assert html.count(f"/photos/{photo.pk}/thumb/") == 2
    assert f"/photos/{photo.pk}/thumb/" in page(reader.get("person", cast["neighbour"].pk))
    assert reader.get("photo_file", photo.pk, "thumb").status_code == 200


@pytest.mark.parametrize("who", ["newcomer", "next-neighbourhood", "other-city", "editor", "moderator", "blocked"])
def test_who_sees_no_whole_name_sees_no_face(who: str, visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    post = author.place(adjacent=[cast.neighbourhoods["Tuilt"]], shared=True)
    show(author)
    [photo] = Photo.objects.all()
    if who == "blocked":
        who = "second-neighbour"
        Block.objects.create(person=cast[who], blocked=cast["neighbour"], created_at=clock.now())
    other = visit(who)
    for size in SIZES:
        assert other.get("photo_file", photo.pk, size).status_code == 404
    assert str(photo.pk) not in page(other.get("feed"))
    assert str(photo.pk) not in page(other.get("post", post.pk))


def test_the_press_of_the_button_is_the_consent_and_taking_it_away_ends_it(visit: GoesTo, cast: Cast) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    author.place()
    show(author)
    [photo] = Photo.objects.all()
    consent = Consent.objects.get(person=cast["neighbour"], purpose=Consent.Purpose.PROFILE_PHOTO)
    assert (consent.form, consent.withdrawn_at) == ("me/photo", None)
    reader.feed()
    author.send("my_photo", do="remove")
    assert reader.get("photo_file", photo.pk, "thumb").status_code == 404
    assert str(photo.pk) not in reader.feed()
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert not Photo.objects.exists()


def test_a_consent_that_is_taken_back_elsewhere_takes_the_photo_along(visit: GoesTo, cast: Cast) -> None:
    show(visit("neighbour"))
    taken_back()[Consent.Purpose.PROFILE_PHOTO](cast["neighbour"], clock.now())
    assert not Photo.objects.exists()


def test_a_new_one_takes_the_place_of_the_old(visit: GoesTo) -> None:
    author = visit("neighbour")
    show(author)
    [old] = Photo.objects.all()
    show(author, pictures.png(pictures.photo(300, 300, "teal")), is_made=False)
    assert author.get("photo_file", old.pk, "thumb").status_code == 200, "until the new one is there"
    make_all()
    [new] = Photo.objects.all()
    assert new.pk != old.pk
    assert author.get("photo_file", old.pk, "thumb").status_code == 404


@pytest.mark.parametrize("content", [b"", b"<svg/>", pictures.png_that_says(9_000, 9_000)], ids=["none", "svg", "huge"])
def test_what_is_no_photo_is_refused_kindly(content: bytes, visit: GoesTo) -> None:
    response = show(visit("neighbour"), content)
    assert response.status_code == 422
    assert "error-summary" in page(response)
    assert not Photo.objects.exists()
    assert not Consent.objects.filter(purpose=Consent.Purpose.PROFILE_PHOTO).exists()


def test_who_is_here_on_invitation_reads_why_not(visit: GoesTo) -> None:
    newcomer = visit("newcomer")
    assert "You are here on invitation" in page(newcomer.get("my_photo"))
    assert show(newcomer).status_code == 403


def test_a_large_file_passes_at_the_door_of_who_is_signed_in_and_nowhere_else(visit: GoesTo) -> None:
    author = visit("neighbour")
    large = {"photo": SimpleUploadedFile("me.jpg", b"\0" * 5_000_000)}
    assert author.client.post("/me/photo/", large).status_code == 422
    for path in ("/preferences/", "/posts/draft/"):
        large["photo"].seek(0)
        assert author.client.post(path, large).status_code == 413
    large["photo"].seek(0)
    assert Client().post("/me/photo/", large).status_code == 413
