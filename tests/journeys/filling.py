"""What the town holds before the first test: the cast, unused letter codes, a lively square, the city's side at work.

Everything but the cast's own rows is made through the actions of real use.
"""

import json
import tempfile
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from django.conf import settings

from stoep.access.audience import home_audience
from stoep.cityhall.actions import Places, announce, appoint_staff, withdraw_announcement
from stoep.common import clock
from stoep.common.ids import new_id
from stoep.conversations.actions import start_conversation
from stoep.conversations.queries import thread_with
from stoep.exchange.lending import ask_loan
from stoep.exchange.lending_days import Days
from stoep.exchange.models import Item
from stoep.exchange.shelf import tick_things
from stoep.feed.actions import publish_comment, publish_post, thank
from stoep.feed.editing import remove_post, solve_request
from stoep.feed.models import Post
from stoep.joining import codes
from stoep.joining.actions import join
from stoep.joining.models import LetterCode
from stoep.moderation.actions import report
from stoep.operations import demo_register
from stoep.operations.cast import Cast, make_cast
from stoep.operations.demo.people import people
from stoep.operations.demo.texts import post_texts
from stoep.people.models import Person, Role, RoleName
from stoep.places.models import Address, Neighbourhood
from stoep.rollout.freezing import freeze_week
from stoep.rollout.imports import apply_import, show_import
from stoep.rollout.letter_runs import order_letters
from stoep.rollout.models import ImportRun

LETTERS = 110
SHOWN_CODES = 3
NEIGHBOURS = 14
POSTS = 30
VIEWER, FIRST = "Vera Vos", "Eva Eerdekens"
COLUMNS = "postcode;straatnaam;huisnummer;lat;lon\n"
WAITING = "".join(f"3510;Wachtstraat;{number};;\n" for number in (1, 3, 5))
BAD_ROWS = "3510;;7;50.94;5.21\n3510;Koorstraat;12;50.94;5.2021\n"


def fill() -> None:
    now = clock.now()
    cast = make_cast(now - timedelta(days=60))
    fresh = _fresh_codes(cast.neighbourhoods["Kermt"], now)
    fresh_elsewhere = _fresh_codes(cast.neighbourhoods["Stevoort"], now, most=1)
    guests = _join_all(fresh, cast, now)
    guests["first-in-stevoort"] = _join(fresh_elsewhere.pop(), FIRST, now)
    facts = _talk(cast, guests, now) | _work(cast, guests, now)
    freeze_week(municipality=cast.cities["hasselt"], now=now)
    people_by_key = {key: str(person.pk) for key, person in {**cast.people, **guests}.items()}
    tried = [demo_register.TryCode(fresh.pop(), "Koorstraat", "Kermt") for _ in range(SHOWN_CODES)]
    demo_register.write(demo_register.Register(people=people_by_key, codes=tried))
    (Path(settings.STOEP_VAR) / "facts.json").write_text(json.dumps({"facts": facts, "codes": fresh}))


def _fresh_codes(place: Neighbourhood, now: datetime, most: int = LETTERS) -> list[str]:
    """Codes for the doors behind which nobody of the cast lives, each door in turn."""
    doors = cycle(Address.objects.filter(neighbourhood=place, household=None).order_by("id"))
    fresh = codes.new_codes(most)
    LetterCode.objects.bulk_create(
        LetterCode(
            municipality_id=place.municipality_id,
            address=next(doors),
            code_hash=codes.code_hash(code),
            created_at=now - timedelta(days=40),
            expires_at=now + timedelta(days=50),
        )
        for code in fresh
    )
    return fresh


def _join_all(fresh: list[str], cast: Cast, now: datetime) -> dict[str, Person]:
    taken = frozenset(person.name for person in cast.people.values())
    names = [VIEWER, *(one.name for one in people(NEIGHBOURS, seed="journeys", taken=taken))]
    joined = [_join(fresh.pop(), name, now - timedelta(days=30)) for name in names]
    return {"viewer": joined[0]} | {f"guest-{number}": person for number, person in enumerate(joined[1:])}


def _join(code: str, name: str, at: datetime) -> Person:
    kept = LetterCode.objects.get(code_hash=codes.code_hash(code))
    return join(code=kept, name=name, own_key=codes.new_own_key(), now=at)


def _talk(cast: Cast, guests: dict[str, Person], now: datetime) -> dict[str, str]:
    """Weeks of a square: the demo's own texts, oldest first; the newest carry their answers."""
    home = cast.neighbourhoods["Kermt"]
    writers = [person for key, person in guests.items() if key.startswith("guest-")]
    texts = post_texts("Kermt")[:POSTS]
    posts: list[Post] = []
    for number, text in reversed(list(enumerate(texts))):
        author = writers[number % len(writers)]
        at = now - timedelta(minutes=25) - timedelta(hours=7 * number)
        post = _post(author, home, (text.kind, text.title, text.body), at)
        others = cycle(one for one in writers if one != author)
        helper = next(others)
        for reply in text.replies[: 3 if number < POSTS // 2 else 1]:
            helper = helper if reply.by == "again" else next(others)
            speaker = author if reply.by == "author" else helper
            publish_comment(
                author=speaker,
                post=post,
                body=reply.text,
                request_key=new_id(),
                now=min(at + timedelta(minutes=reply.after), now),
            )
        for giver, _thanks in zip(writers, range(min(text.thanks, 9)), strict=False):
            thank(person=giver, post=post, now=at)
        posts.append(post)
    told = report(
        person=guests["viewer"],
        kind="post",
        subject_id=posts[8].pk,
        reason="insult",
        explanation="Dit is niet vriendelijk.",
        request_key=new_id(),
        now=now,
    )
    return _talk_of_the_viewer(cast, guests, now) | {
        "case": str(told.case_id),
        "neighbour": str(cast["neighbour"].pk),
        "post": str(posts[-1].pk),
        "old_post": str(posts[0].pk),
        "late_post": str(posts[8].pk),
    }


def _talk_of_the_viewer(cast: Cast, guests: dict[str, Person], now: datetime) -> dict[str, str]:
    home, viewer, helper = cast.neighbourhoods["Kermt"], guests["viewer"], guests["guest-1"]
    at = now - timedelta(hours=3)
    asked = _post(viewer, home, ("help_wanted", "Wie helpt even een kast verhuizen?", "Zaterdag om tien uur."), at)
    publish_comment(author=helper, post=asked, body="Ik kom.", request_key=new_id(), now=at)
    mine = publish_comment(author=viewer, post=asked, body="Heel fijn, merci!", request_key=new_id(), now=at)
    solved = _post(viewer, home, ("help_wanted", "Wie heeft een lange ladder?", "Voor de dakgoot."), at)
    publish_comment(author=helper, post=solved, body="Staat klaar.", request_key=new_id(), now=at)
    solve_request(author=viewer, post=solved, helper=helper, thank_you="De goot is weer proper.", now=at)
    removed = _post(viewer, home, ("question", "Wanneer komt de bus?", ""), at)
    remove_post(person=viewer, post=removed, now=now)
    own = {"own_post": str(asked.pk), "own_comment": str(mine.pk), "solved_post": str(solved.pk)}
    return own | _chat_of_the_viewer(guests, now) | _lend(helper, viewer, at)


def _chat_of_the_viewer(guests: dict[str, Person], now: datetime) -> dict[str, str]:
    """Two conversations, a group, and somebody to whom nothing was said yet."""
    viewer, helper, third = (guests[key] for key in ("viewer", "guest-1", "guest-2"))
    at = now - timedelta(days=2)
    for writer, other, body in (
        (helper, viewer, "Dag Vera, zal ik zaterdag een steekkar meebrengen?"),
        (viewer, helper, "Graag! De kast is zwaar.\n\nWe beginnen om tien uur."),
        (third, viewer, "Heb jij de sleutel van het zaaltje?"),
    ):
        start_conversation(person=writer, others=[other], body=body, request_key=new_id(), now=at)
        at += timedelta(hours=20)
    words = "Wie brengt zaterdag koffie mee?"
    group = start_conversation(person=viewer, others=[helper, third], body=words, request_key=new_id(), now=at)
    pair = thread_with(viewer, helper.pk)
    assert pair is not None
    return {"conversation": str(pair.pk), "group": str(group.pk), "stranger": str(guests["guest-3"].pk)}


def _lend(lender: Person, borrower: Person, at: datetime) -> dict[str, str]:
    """Two things on the shelf, of which one is asked for."""
    tick_things(person=lender, chosen=["drill", "ladder"], now=at)
    drill = Item.objects.get(author=lender, common="drill")
    days = Days(at.date() + timedelta(days=1), at.date() + timedelta(days=3))
    loan = ask_loan(person=borrower, item=drill, days=days, request_key=new_id(), now=at)
    return {"thing": str(drill.pk), "loan": str(loan.pk)}


def _post(author: Person, home: Neighbourhood, words: tuple[str, str, str], at: datetime) -> Post:
    kind, title, body = words
    audience = home_audience(home)
    return publish_post(
        author=author, audience=audience, kind=kind, title=title, body=body, request_key=new_id(), now=at
    )


def _work(cast: Cast, guests: dict[str, Person], now: datetime) -> dict[str, str]:
    """Announcements, letters and imports; somebody who may look at all of it, and an administrator of an empty city."""
    hasselt, admin = cast.cities["hasselt"], cast["city-admin"]
    guests["city-viewer"] = appoint_staff(
        person=admin,
        municipality=hasselt,
        name="Vic Stads",
        email="city-viewer@hasselt.example",
        role=RoleName.CITY_ADMIN,
        now=now,
    )
    guests["new-city-admin"] = _administrator_elsewhere(cast, now)
    sent = [_announce(cast, title, now) for title in ("Het water gaat dinsdag een uur toe", "De kermis is verplaatst")]
    withdraw_announcement(person=cast["editor"], announcement=sent[1], now=now)
    run = order_letters(
        person=cast["rollout"], municipality=hasselt, neighbourhoods=[cast.neighbourhoods["Tuilt"]], now=now
    )
    known = COLUMNS + _known_addresses(cast) + WAITING
    (Path(settings.STOEP_VAR) / "addresses.csv").write_text(known)
    applied = _import(cast, known, now)
    apply_import(person=cast["rollout"], run=applied, now=now)
    return {
        "announcement": str(sent[0].pk),
        "editor": str(cast["editor"].pk),
        "announced_post": str(sent[0].post_id),
        "withdrawn": str(sent[1].pk),
        "letter_run": str(run.pk),
        "import_run": str(applied.pk),
        "shown_import": str(_import(cast, known + BAD_ROWS, now).pk),
        "unreadable_import": str(_import(cast, "dit is geen tabel", now).pk),
        "waiting_street": str(Address.objects.filter(neighbourhood=None).values_list("street", flat=True)[0]),
    }


def _known_addresses(cast: Cast) -> str:
    """As a register would hand them over: a file that leaves an address out retires it."""
    doors = Address.objects.filter(municipality=cast.cities["hasselt"]).order_by("street__name", "id")
    columns = ("postcode", "street__name", "number", "latitude", "longitude")
    return "".join(";".join(map(str, row)) + "\n" for row in doors.values_list(*columns))


def _administrator_elsewhere(cast: Cast, now: datetime) -> Person:
    person = Person(municipality=cast.cities["diepenbeek"], kind=Person.Kind.STAFF, name="Nora Nieuw", joined_at=now)
    person.set_email("new-city-admin@diepenbeek.example")
    person.save()
    Role.objects.create(person=person, role=RoleName.CITY_ADMIN, granted_at=now)
    return person


def _announce(cast: Cast, title: str, now: datetime) -> Any:
    return announce(
        author=cast["editor"],
        department=cast.departments["Communicatie"],
        title=title,
        body="Tussen negen en tien uur werken we aan de leiding.",
        places=Places(neighbourhoods=[cast.neighbourhoods["Kermt"]]),
        comments_open=True,
        request_key=new_id(),
        now=now - timedelta(days=2),
    )


def _import(cast: Cast, rows: str, now: datetime) -> ImportRun:
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(rows)
        file.flush()
        return show_import(
            person=cast["rollout"],
            municipality=cast.cities["hasselt"],
            kind=ImportRun.Kind.ADDRESSES,
            path=Path(file.name),
            file_name="adressen.csv",
            now=now,
        )
