"""The other side of the shelf: somebody looks for a thing, a neighbour has one: its name, and which of mine it is."""

import re
from collections.abc import Sequence

from stoep.exchange.models import Item, Loan
from stoep.exchange.shelf_queries import items_for
from stoep.feed.models import TITLE_LENGTH, Post
from stoep.people.models import Person

# "Wie heeft er een grote ladder voor mij?" → "Grote ladder": the polite words around a thing, in four languages.
BEFORE = re.compile(
    r"""^\W*(?:(?:
      wie\ heeft|heeft\ er\ iemand|heeft\ iemand|iemand|ik\ zoek|gezocht|wij\ zoeken|we\ zoeken|op\ zoek\ naar|mag\ ik|
      kan\ ik|te\ leen\ gevraagd|who\ has|does\ anybody\ have|does\ anyone\ have|has\ anybody|has\ anyone|
      i\ am\ looking\ for|i\ look\ for|looking\ for|can\ i\ borrow|wanted|
      qui\ a|qui\ aurait|qui\ peut\ me\ prêter|je\ cherche|cherche|recherche|
      wer\ hat|hat\ jemand|ich\ suche|suche|gesucht)\b:?\ *
    )?(?:(?:er|voor\ mij|soms|misschien|toevallig|nog|for\ me|vielleicht|zufällig)\ +)*
    (?:(?:een|'n|a|an|un|une|des|du|ein|eine|einen)\ +)?""",
    re.IGNORECASE | re.VERBOSE,
)
AFTER = re.compile(
    r"\W*(?:\b(?:te leen|lenen|to borrow|à emprunter|zum ausleihen|uitlenen|voor mij|for me)\b\W*)*$", re.IGNORECASE
)
SHORTEST_WORD = 4


def thing_in(title: str) -> str:
    """The thing that a wish names; the whole title where nothing else can be read in it."""
    found = AFTER.sub("", BEFORE.sub("", title)).strip() or title
    return (found[:1].upper() + found[1:])[:TITLE_LENGTH]


def fitting_things(person: Person, wish: Post) -> Sequence[Item]:
    """What this neighbour lends already and could be meant, first what shares a word with the wish."""
    mine = list(items_for(person).filter(author=person, kind=Item.Kind.LEND).order_by("-id")[:50])
    words = _words(f"{wish.title} {wish.body}")
    return [item for item in mine if words & _words(item.name)]


def own_offer(person: Person, wish: Post) -> Loan | None:
    """The offer that this neighbour made to it and that still goes on."""
    return Loan.objects.visible_to(person).open().filter(wish=wish, lender=person).first()


def offers_to(person: Person, wish: Post) -> Sequence[Loan]:
    """For whoever wished: what goes on about it, the oldest first."""
    mine = Loan.objects.visible_to(person).open().filter(wish=wish, borrower=person)
    return list(mine.select_related("item__told_by").order_by("id"))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) >= SHORTEST_WORD}
