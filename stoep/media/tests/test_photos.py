"""Photos at a post: taken in, made anew in a job, shown to those who may see the post and to nobody else."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from stoep.common import clock
from stoep.feed.models import Draft, Post
from stoep.feed.tests.visits import Visit, page
from stoep.media import files
from stoep.media.actions import add_photo
from stoep.media.making import MOST_TRIES, make, spoiled, sweep
from stoep.media.models import SIZES, Photo
from stoep.media.tests import pictures
from stoep.media.tests.photographing import form, make_all, place_with_photos
from stoep.operations.cast import Cast
from stoep.people.models import Block

GoesTo = Callable[[str], Visit]
MAKERS = {"jpeg": pictures.jpeg, "heic": pictures.heic, "png": pictures.png, "webp": pictures.webp}


def kept_bytes() -> bytes:
    """Everything that lies in the folder of files."""
    return b"".join(path.read_bytes() for path in (Path(settings.STOEP_VAR) / "files").rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", list(MAKERS))
def test_a_geotagged_photo_is_shown_to_neighbours_without_where_and_when(kind: str, visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post, [photo] = place_with_photos(author, MAKERS[kind]())
    for html in (reader.feed(), reader.read(post)):
        assert f"/photos/{photo.pk}/720/" in html
        assert 'width="640" height="480"' in html
    for size in SIZES:
        response = reader.get("photo_file", photo.pk, size)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"].startswith("private, max-age=")
        assert response.content[8:12] == b"WEBP"
        assert pictures.PLANTED.encode() not in response.content
    assert pictures.PLANTED.encode() not in kept_bytes()


def test_until_it_is_made_there_is_a_calm_place_and_the_original_lies_sealed(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    original = pictures.jpeg()
    post, [photo] = place_with_photos(author, original, is_made=False)
    assert pictures.PLANTED.encode() not in kept_bytes()
    assert files.read_upload(photo.pk) == original
    for html in (reader.feed(), reader.read(post)):
        assert "The photo comes in a moment." in html
        assert "<img" not in html
    for size in SIZES:
        assert reader.get("photo_file", photo.pk, size).status_code == 404
    make_all()
    assert "<img" in reader.feed(), "the kept card was stale"
    assert not list((Path(settings.STOEP_VAR) / "files" / "uploads").glob(f"{photo.pk}*"))


@pytest.mark.parametrize(
    "who",
    [
        "next-neighbourhood",
        "other-city",
        "editor",
        "moderator",
        "desk",
        "city-admin",
        "operator",
        "suspended",
        "blocked",
    ],
)
def test_who_may_not_see_the_post_gets_no_size_of_its_photo(who: str, visit: GoesTo, cast: Cast) -> None:
    author = visit("neighbour")
    _post, [photo] = place_with_photos(author)
    if who == "blocked":
        who = "second-neighbour"
        assert visit(who).get("photo_file", photo.pk, "thumb").status_code == 200
        Block.objects.create(person=cast["neighbour"], blocked=cast[who], created_at=clock.now())
    stranger = visit(who)
    for size in SIZES:
        hidden = stranger.get("photo_file", photo.pk, size)
        never = stranger.get("photo_file", uuid4(), size)
        assert hidden.status_code == (302 if who == "suspended" else 404), size
        if who != "suspended":
            assert (hidden.content, dict(hidden.headers)) == (never.content, dict(never.headers))
    assert stranger.get("photo", photo.pk).status_code in {302, 404}


def test_a_visitor_is_sent_to_the_door(visit: GoesTo) -> None:
    _post, [photo] = place_with_photos(visit("neighbour"))
    visitor = visit("neighbour")
    visitor.client.logout()
    assert visitor.get("photo_file", photo.pk, "360").status_code == 302


def test_what_is_shared_with_the_city_is_seen_by_its_editors(visit: GoesTo) -> None:
    _post, [photo] = place_with_photos(visit("neighbour"), shared_with_city="on")
    assert visit("editor").get("photo_file", photo.pk, "360").status_code == 200
    assert visit("analyst").get("photo_file", photo.pk, "360").status_code == 404


def test_a_removed_post_takes_its_photo_along_at_once_and_back_again(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post, [photo] = place_with_photos(author)
    author.send("remove_post", post.pk)
    for somebody in (author, reader):
        assert somebody.get("photo_file", photo.pk, "360").status_code == 404
    author.send("restore_post", post.pk)
    assert reader.get("photo_file", photo.pk, "360").status_code == 200


def test_a_browser_that_has_it_is_told_so_but_only_while_it_may_see_it(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    post, [photo] = place_with_photos(author)
    address = f"/photos/{photo.pk}/360/"
    tag = {"If-None-Match": reader.client.get(address).headers["ETag"]}
    again = reader.client.get(address, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in again.headers["Cache-Control"]
    author.send("remove_post", post.pk)
    assert reader.client.get(address, headers=tag).status_code == 404


@pytest.mark.parametrize("size", ["0", "361", "thumb.webp", "..", "original", "-"])
def test_there_are_no_other_sizes(size: str, visit: GoesTo) -> None:
    author = visit("neighbour")
    _post, [photo] = place_with_photos(author)
    assert author.client.get(f"/photos/{photo.pk}/{size}/").status_code == 404
    assert author.client.get("/photos/").status_code == 404


def test_alone_on_a_page_with_its_words_and_the_way_back(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    author.send("posts", **form(pictures.jpeg()))
    [photo] = Photo.objects.all()
    author.send("posts", **form(**{f"alt_{photo.pk}": "A bench under a tree"}))
    make_all()
    post = Post.objects.get()
    html = page(reader.get("photo", photo.pk))
    assert 'alt="A bench under a tree"' in html
    assert f'href="/posts/{post.pk}/"' in html
    assert 'alt="A bench under a tree"' in reader.feed()


def test_without_words_the_picture_has_a_name_all_the_same(visit: GoesTo) -> None:
    author = visit("neighbour")
    place_with_photos(author)
    assert "Photo with “A bench”" in author.feed()


def test_six_photos_and_no_seventh(visit: GoesTo) -> None:
    author = visit("neighbour")
    response = author.send("posts", **form(*[pictures.png(pictures.photo(20, 20))] * 7))
    assert response.status_code == 422
    assert "There is room for 6 photos." in page(response)
    assert "A bench" in page(response)
    assert "Of oak." in page(response)
    assert Photo.objects.filter(owner_kind="draft").count() == 6
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "We cannot read"),
        (pictures.png_that_says(6_500, 6_310), "more than 40 megapixels"),
        (pictures.jpeg() + b"\0" * 12_000_000, "larger than 12 megabytes"),
        (pictures.film("WEBP"), "moves"),
        (b"", "is empty"),
    ],
    ids=["svg", "41 megapixels", "heavy", "film", "empty"],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(content: bytes, words: str, visit: GoesTo) -> None:
    author = visit("neighbour")
    response = author.send("posts", **form(pictures.jpeg(), content))
    assert response.status_code == 422
    html = page(response)
    assert words in html
    assert "photo1.jpg" in html
    assert 'value="A bench"' in html
    assert "Of oak." in html
    assert Photo.objects.count() == 1, "the good one stays"
    assert "thumb-" in page(author.get("new_post"))
    assert not Post.objects.exists()


def test_what_turns_out_broken_later_is_not_shown_and_its_place_goes(visit: GoesTo) -> None:
    author, reader = visit("neighbour"), visit("second-neighbour")
    whole = pictures.jpeg(pictures.photo(2000, 1500))
    post, [photo] = place_with_photos(author, whole[: len(whole) // 2])
    photo.refresh_from_db()
    assert photo.state == Photo.State.REFUSED
    for html in (reader.feed(), reader.read(post)):
        assert str(photo.pk) not in html
    assert "This photo could not be read." in page(author.get("edit_post", post.pk))


def test_a_file_that_ends_the_worker_each_time_is_given_up(visit: GoesTo) -> None:
    _post, [photo] = place_with_photos(visit("neighbour"), is_made=False)
    Photo.objects.filter(pk=photo.pk).update(tries=MOST_TRIES)
    make(photo.pk)
    photo.refresh_from_db()
    assert photo.state == Photo.State.REFUSED


def test_made_twice_it_is_made_once(visit: GoesTo) -> None:
    post, [photo] = place_with_photos(visit("neighbour"))
    version = Post.objects.get().version
    make(photo.pk)
    assert Post.objects.get(pk=post.pk).version == version


def test_its_author_may_say_other_words_or_take_it_away_and_nobody_else(visit: GoesTo) -> None:
    author, other = visit("neighbour"), visit("second-neighbour")
    post, [photo] = place_with_photos(author)
    assert other.send("change_photo", post.pk, photo.pk, alt="Mine").status_code == 403
    assert visit("next-neighbourhood").send("change_photo", post.pk, photo.pk, alt="Mine").status_code == 404
    assert author.send("change_photo", post.pk, photo.pk, alt="A long bench").status_code == 302
    assert 'alt="A long bench"' in other.feed()
    folder = files.path_of(photo.municipality_id, photo.pk, "360").parent
    assert folder.is_dir()
    assert author.send("change_photo", post.pk, photo.pk, do="remove").status_code == 302
    assert other.get("photo_file", photo.pk, "360").status_code == 404
    assert str(photo.pk) not in other.feed()


@pytest.mark.django_db(transaction=True)
def test_what_goes_leaves_no_file(visit: GoesTo) -> None:
    author = visit("neighbour")
    post, [photo, other] = place_with_photos(author, pictures.jpeg(), pictures.heic())
    author.send("change_photo", post.pk, photo.pk, do="remove")
    assert not files.path_of(photo.municipality_id, photo.pk, "360").parent.exists()
    Post.objects.all().delete()
    sweep(now=clock.now())
    assert not Photo.objects.exists()
    assert not files.path_of(other.municipality_id, other.pk, "360").parent.exists()


def test_files_of_which_nobody_knows_are_found_and_the_young_are_left_alone(visit: GoesTo) -> None:
    author = visit("neighbour")
    _post, [photo] = place_with_photos(author)
    path = files.path_of(photo.municipality_id, photo.pk, "360")
    Photo.objects.all().delete()
    sweep(now=clock.now())
    assert path.exists(), "an upload in this very moment has no row yet"
    from datetime import timedelta

    sweep(now=clock.now() + timedelta(days=2))
    assert not path.exists()


def test_silent_damage_is_found(visit: GoesTo) -> None:
    _post, [photo, other] = place_with_photos(visit("neighbour"), pictures.jpeg(), pictures.png())
    assert spoiled() == []
    path = files.path_of(photo.municipality_id, photo.pk, "720")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    files.path_of(other.municipality_id, other.pk, "thumb").unlink()
    assert set(spoiled()) == {photo.pk, other.pk}


def test_the_files_of_a_city_lie_together(visit: GoesTo, cast: Cast) -> None:
    _post, [photo] = place_with_photos(visit("neighbour"))
    path = files.path_of(photo.municipality_id, photo.pk, "360")
    assert str(cast.cities["hasselt"].pk) in path.parts
    assert path.stat().st_mode & 0o077 == 0


def test_a_national_number_is_refused_in_the_words_about_a_picture_too(visit: GoesTo) -> None:
    author = visit("neighbour")
    author.send("posts", **form(pictures.jpeg()))
    [photo] = Photo.objects.all()
    response = author.send("posts", **form(**{f"alt_{photo.pk}": "It says 93.05.18-223.61"}))
    assert response.status_code == 422
    assert "national register number" in page(response)
    assert not Post.objects.exists()


def test_a_day_has_an_end_for_photos_too(visit: GoesTo, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from io import BytesIO

    from stoep.access.limits import Limit
    from stoep.media import actions

    monkeypatch.setattr(actions, "MOST_A_DAY", Limit("media.test", 2, actions.MOST_A_DAY.window))
    author = cast["neighbour"]
    for turn in range(3):
        draft = Draft.objects.get_or_create(author=author, defaults={"updated_at": clock.now()})[0]
        facts = {"kind": "draft", "owner_id": draft.pk, "most": 6, "file": BytesIO(pictures.jpeg()), "now": clock.now()}
        if turn < 2:
            add_photo(author=author, **facts)
        else:
            with pytest.raises(actions.TooManyPhotos):
                add_photo(author=author, **facts)
    del visit
