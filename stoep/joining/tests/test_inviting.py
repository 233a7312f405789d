"""A neighbour invites: the link, the flyer's code, who may make them, how many, and when they end."""

import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from stoep.common import clock
from stoep.joining import codes
from stoep.joining.inviting import end_invitation, invite, link_of
from stoep.joining.models import Invitation, InvitationUse
from stoep.joining.tests.door import (
    browser,
    choose_email,
    choose_none,
    letter,
    mails,
    person_in,
    post_comes,
    shown_own_key,
    signed_in,
    text_of,
    type_code,
    type_name,
)
from stoep.operations.cast import Cast
from stoep.people.models import Membership, Person, Suspension
from stoep.places.models import Municipality, Neighbourhood
from stoep.places.queries import forget_municipalities

pytestmark = pytest.mark.django_db


def as_(person: Person, **options: str) -> Client:
    """In English, as the tests speak."""
    Person.objects.filter(pk=person.pk).update(language="en")
    client = browser(**options)
    client.force_login(person, backend="stoep.people.backend.PersonBackend")
    return client


def invitation_of(person: Person) -> Invitation:
    return invite(person=person, request_key=uuid4(), now=clock.now())


def path_of(invitation: Invitation) -> str:
    return re.sub(r"https?://[^/]+", "", link_of(invitation))


def come_by_link(invitation: Invitation, *, name: str = "Lies Nieuw", email: str = "lies@post.example") -> Client:
    client = browser()
    client.get(path_of(invitation))
    client.post(reverse("join_invited"))
    type_name(client, name)
    choose_email(client, email)
    return client


def test_by_a_neighbours_link_somebody_joins_in_the_same_screens(cast: Cast) -> None:
    invitation = invitation_of(cast["neighbour"])
    client = browser()

    assert client.get(path_of(invitation)).headers["Location"] == reverse("join_invited")
    page = text_of(client.get(reverse("join_invited")))
    assert "Marie P. invites you to the neighbourhood Kermt" in page
    assert client.post(reverse("join_invited")).headers["Location"] == reverse("join_name")
    page = text_of(client.get(reverse("join_name")))
    assert "You live in Kermt, and Marie P. invites you." in page
    assert "Diestersteenweg" not in page
    assert type_name(client, "Lies Nieuw").status_code == 302
    assert choose_email(client, "lies@post.example").headers["Location"] == "/?welcome"

    membership = Membership.objects.get(person=person_in(client))
    assert (membership.standing, membership.proof) == ("provisional", "invitation")
    assert membership.invited_by == cast["neighbour"]
    assert (membership.household, membership.shown_street) == (None, None)
    assert client.get("/").status_code == 200


def test_the_flyers_code_opens_the_same_door_and_serves_for_coming_back(cast: Cast) -> None:
    invitation = invitation_of(cast["neighbour"])
    client = browser()
    assert type_code(client, codes.shown(invitation.code)).headers["Location"] == reverse("join_name")
    type_name(client, "Odile Papier")
    choose_none(client)
    key = shown_own_key(client)

    again = browser()
    given = {"code": codes.shown(invitation.code), "own_key": key}
    assert again.post(reverse("sign_in_letter"), given).status_code == 302
    assert person_in(again).name == "Odile Papier"


def test_opening_the_link_uses_nothing_up_and_says_no_more_than_first_name_and_initial(cast: Cast) -> None:
    invitation = invitation_of(cast["neighbour"])
    for _each in range(8):
        client = browser()
        client.get(path_of(invitation))
        page = text_of(client.get(reverse("join_invited")))
        assert "Peeters" not in page
    invitation.refresh_from_db()
    assert invitation.uses == 0


def test_the_last_screen_sent_twice_makes_one_newcomer(cast: Cast) -> None:
    invitation = invitation_of(cast["neighbour"])
    client = browser()
    client.get(path_of(invitation))
    client.post(reverse("join_invited"))
    type_name(client, "Lies Nieuw")
    again = re.search(r'name="again" value="([^"]+)"', text_of(client.get(reverse("join_contact"))))
    assert again is not None
    choose_email(client, "lies@post.example", again=again[1])
    assert choose_email(browser(), "lies@post.example", again=again[1]).headers["Location"] == "/?welcome"
    assert Person.objects.filter(name="Lies Nieuw").count() == InvitationUse.objects.count() == 1


def test_the_inviter_hears_who_came_and_nobody_else_does(cast: Cast) -> None:
    Person.objects.filter(pk=cast["neighbour"].pk).update(language="en")
    come_by_link(invitation_of(cast["neighbour"]))
    told = [mail for mail in mails() if mail.kind == "joining/mail/guest_joined"]
    assert [mail.person for mail in told] == [cast["neighbour"]]
    assert "Lies Nieuw joined your neighbourhood with your invitation." in told[0].text


def test_an_invitation_lets_in_five_people_and_no_sixth(cast: Cast) -> None:
    invitation = invitation_of(cast["neighbour"])
    for number in range(Invitation.MOST_USES):
        assert signed_in(come_by_link(invitation, name=f"Gast Nummer{'abcde'[number]}")) is not None
    late = browser()
    late.get(path_of(invitation))
    assert late.get(reverse("join_invited")).status_code == 410
    page = type_code(browser(), invitation.code)
    assert page.status_code == 422
    assert "let in enough people" in text_of(page)


@pytest.mark.parametrize("how", ["ended", "old", "inviter left", "inviter paused", "inviter moved", "city closed"])
def test_an_invitation_ends_with_what_it_stands_on(cast: Cast, how: str) -> None:
    inviter = cast["neighbour"]
    invitation = invitation_of(inviter)
    begun = browser()
    begun.get(path_of(invitation))
    begun.post(reverse("join_invited"))
    type_name(begun, "Lies Nieuw")
    now = clock.now()
    if how == "ended":
        end_invitation(person=inviter, invitation=invitation, now=now)
    elif how == "old":
        Invitation.objects.update(expires_at=now)
    elif how == "inviter left":
        Person.objects.filter(pk=inviter.pk).update(left_at=now)
    elif how == "inviter paused":
        Suspension.objects.create(person=inviter, reason="a pause", started_at=now)
    elif how == "inviter moved":
        Membership.objects.filter(person=inviter).update(neighbourhood=cast.neighbourhoods["Tuilt"])
    else:
        Municipality.objects.update(invitations_open=False)
        forget_municipalities()

    assert choose_email(begun, "lies@post.example").status_code == 422
    fresh = browser()
    fresh.get(path_of(invitation))
    page = fresh.get(reverse("join_invited"))
    assert page.status_code == 410
    assert "Marie" not in text_of(page)
    assert fresh.post(reverse("join_invited")).status_code == 410
    assert type_code(browser(), invitation.code).status_code == 422
    assert not Person.objects.filter(name="Lies Nieuw").exists()


def test_an_invitation_of_another_city_opens_nothing_here(cast: Cast) -> None:
    invitation = invitation_of(cast["other-city"])
    client = browser()
    client.get(path_of(invitation))
    assert client.get(reverse("join_invited")).status_code == 410
    assert type_code(client, invitation.code).status_code == 422
    assert "do not know this code" in text_of(type_code(client, invitation.code))


def test_five_invitations_live_at_one_time_and_ending_one_makes_room(cast: Cast) -> None:
    client = as_(cast["neighbour"])
    for _each in range(Invitation.MOST_LIVING):
        assert client.post(reverse("invitations"), {"request_key": str(uuid4())}).status_code == 302
    refused = client.post(reverse("invitations"), {"request_key": str(uuid4())})
    assert refused.status_code == 422
    assert "Five invitations work already." in text_of(refused)
    first = Invitation.objects.last()
    assert first is not None
    client.post(reverse("invitation_end", args=[first.pk]))
    assert client.post(reverse("invitations"), {"request_key": str(uuid4())}).status_code == 302


def test_pressed_twice_one_invitation_is_made(cast: Cast) -> None:
    client, key = as_(cast["neighbour"]), str(uuid4())
    for _each in range(2):
        assert client.post(reverse("invitations"), {"request_key": key}).status_code == 302
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("newcomer", 403), ("suspended", 302), ("editor", 404)])
def test_who_is_no_full_neighbour_invites_nobody(cast: Cast, who: str, status: int) -> None:
    client = as_(cast[who])
    assert client.get(reverse("invitations")).status_code == status
    assert client.post(reverse("invitations")).status_code == status
    assert Invitation.objects.count() == 0


def test_where_the_city_closed_inviting_nobody_makes_one(cast: Cast) -> None:
    Municipality.objects.update(invitations_open=False)
    forget_municipalities()
    client = as_(cast["neighbour"])
    assert "The city lets nobody invite now." in text_of(client.get(reverse("invitations")))
    assert client.post(reverse("invitations")).status_code == 422
    assert Invitation.objects.count() == 0


def test_the_flyer_says_who_invites_where_and_until_when_and_its_square_leads_to_the_link(cast: Cast) -> None:
    invitation = invitation_of(cast["neighbour"])
    Membership.objects.filter(person=cast["neighbour"]).update(shown_street=cast.streets["Diestersteenweg"])
    Person.objects.filter(pk=cast["neighbour"].pk).update(language="en")
    answer = as_(cast["neighbour"]).get(reverse("invitation_flyer", args=[invitation.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    (page,) = reader.pages
    text = " ".join(page.extract_text().split())

    for words in (
        "Hasselt",
        "Welcome to Kermt",
        "From Marie P., Diestersteenweg",
        codes.shown(invitation.code),
        "/join",
        f"{invitation.expires_at.day}",
    ):
        assert words in text
    assert "Peeters" not in text
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Invitation to the neighbourhood Kermt"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_the_flyers_squares_can_be_scanned(cast: Cast) -> None:
    from PIL import Image

    from stoep.joining.flyers import SOURCE, _facts, _words
    from stoep.shell.printing import pictures_of

    invitation = invitation_of(cast["neighbour"])
    words = _words(invitation, "Diestersteenweg") | _facts(invitation, cast.cities["hasselt"])
    (sheet,) = pictures_of(SOURCE, words, dots_per_inch=150)
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(sheet)))
    assert {one.text for one in found} == {link_of(invitation)}
    assert len(found) == 4


def test_somebody_elses_flyer_is_not_there(cast: Cast) -> None:
    invitation = invitation_of(cast["neighbour"])
    there = reverse("invitation_flyer", args=[invitation.pk])
    assert as_(cast["second-neighbour"]).get(there).status_code == 404
    end_invitation(person=cast["neighbour"], invitation=invitation, now=clock.now())
    assert as_(cast["neighbour"]).get(there).status_code == 404


def test_link_and_code_lie_sealed_in_the_database(cast: Cast) -> None:
    from django.db import connection

    invitation = invitation_of(cast["neighbour"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text FROM joining_invitation i")
        ((row,),) = cursor.fetchall()
    assert invitation.token not in row
    assert invitation.code not in row


def test_thirty_days_after_its_end_an_invitation_is_forgotten_and_who_came_stays(cast: Cast) -> None:
    from stoep.joining.forgetting import forget_old_invitations

    client = come_by_link(invitation_of(cast["neighbour"]))
    ends = Invitation.objects.get().expires_at
    assert forget_old_invitations(ends + timedelta(days=29)) == 0
    forget_old_invitations(ends + timedelta(days=31))
    assert not Invitation.objects.exists()
    assert Membership.objects.filter(person=person_in(client), ended_at=None).exists()


def test_a_letter_for_the_same_place_still_joins_fully(cast: Cast) -> None:
    client = browser()
    type_code(client, letter(cast).code)
    type_name(client)
    choose_email(client)
    post_comes()
    assert Membership.objects.get(person=person_in(client)).standing == "full"
    assert Neighbourhood.objects.get(name="Kermt").member_count == 6
