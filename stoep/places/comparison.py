"""Say what an import would do, before anything is written: pure functions, the same for preview and for the import.

Promises: the last known point is kept, what a hand has placed stays, and the same file twice changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from stoep.places.geometry import Area, Placer, Point, distance, match_neighbourhoods, plain
from stoep.places.readers.addresses import AddressesFile, AddressRow
from stoep.places.readers.borders import Border
from stoep.places.readers.refusals import Refusal

# Registers measure again and again: less than this is no move (metres).
MOVED_FROM = 1.0
# A point further away than this from all borders is a mistake, not a neighbour of theirs (metres).
FAR_AWAY = 20_000.0

AddressKey = tuple[str, str, str, str]


class PlacedBy(StrEnum):
    POINT = "point"
    HAND = "hand"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """An address as we have it. `neighbourhood` is the key under which the placer's areas know it."""

    id: str
    postcode: str
    street: str
    number: str
    box: str
    longitude: float | None = None
    latitude: float | None = None
    placed_by: str = PlacedBy.NOBODY
    neighbourhood: str | None = None
    households: int | None = None
    is_retired: bool = False

    @property
    def point(self) -> Point | None:
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row as it should be kept. `known` is the address it changes, None if it is added."""

    row: AddressRow
    known: KnownAddress | None
    longitude: float | None
    latitude: float | None
    neighbourhood: str | None
    placed_by: str
    households: int | None
    moved: bool = False
    changes_neighbourhood: bool = False
    returns: bool = False


@dataclass(frozen=True)
class AddressComparison:
    """What would happen. `refused` are rows, or points, with the reason; an address whose point is refused is kept,
    and waits for a hand. `placed` and `waiting` count the living addresses after the import."""

    added: list[PlacedRow] = field(default_factory=list)
    changed: list[PlacedRow] = field(default_factory=list)
    gone: list[KnownAddress] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    duplicates: list[Refusal] = field(default_factory=list)
    unchanged: int = 0
    placed: int = 0
    waiting: int = 0

    @property
    def moved(self) -> int:
        return sum(one.moved for one in self.changed)

    @property
    def changing_neighbourhood(self) -> int:
        return sum(one.changes_neighbourhood for one in self.changed)


def key_of(address: AddressRow | KnownAddress) -> AddressKey:
    """What makes two rows the same address. Capitals do not count, in a street as in a number."""
    return address.postcode, street_key(address.street), address.number.upper(), address.box.upper()


def street_key(name: str) -> str:
    """As the database compares names of streets."""
    return name.lower()


def compare_addresses(known: Iterable[KnownAddress], rows: AddressesFile, placer: Placer) -> AddressComparison:
    """`known` are all addresses of the municipality, retired ones too; `placer` holds its living neighbourhoods."""
    by_key = {key_of(address): address for address in known}
    chosen, duplicates = _one_row_each(rows.rows)
    points = [_point(row) for row in chosen.values()]
    areas = placer.place_many(points)
    refused = list(rows.refused)
    placed = []
    for (key, row), point, area in zip(chosen.items(), points, areas, strict=True):
        problem = row.point_problem or _problem(point, area, placer)
        if problem:
            refused.append(Refusal(row.line, problem, row.words))
        place = _Place(None if problem == "far_away" else point, None if area is None else placer.areas[area].key)
        placed.append(_placed(row, by_key.get(key), place, placer))
    changed = [one for one in placed if one.known is not None and _says_something_new(one, one.known)]
    added = [one for one in placed if one.known is None]
    waiting = sum(one.neighbourhood is None for one in placed)
    return AddressComparison(
        added=added,
        changed=changed,
        gone=[one for key, one in by_key.items() if key not in chosen and not one.is_retired],
        refused=sorted(refused, key=lambda one: one.line),
        duplicates=duplicates,
        unchanged=len(placed) - len(added) - len(changed),
        placed=len(placed) - waiting,
        waiting=waiting,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    point: Point | None
    neighbourhood: str | None


def _one_row_each(rows: Sequence[AddressRow]) -> tuple[dict[AddressKey, AddressRow], list[Refusal]]:
    """The living rows, one for each address: the first, unless only a later one has a point."""
    chosen: dict[AddressKey, AddressRow] = {}
    duplicates: list[Refusal] = []
    for row in rows:
        if row.is_retired:
            continue
        key = key_of(row)
        first = chosen.setdefault(key, row)
        if first is not row:
            duplicates.append(Refusal(row.line, "duplicate", row.words))
            if first.longitude is None and row.longitude is not None:
                chosen[key] = row
    return chosen, duplicates


def _point(row: AddressRow) -> Point | None:
    return None if row.longitude is None or row.latitude is None else (row.longitude, row.latitude)


def _problem(point: Point | None, area: int | None, placer: Placer) -> str:
    # Before the first borders no point is wrong: the address keeps it, and waits for them.
    if point is None or area is not None or not placer.areas:
        return ""
    return "far_away" if placer.is_far(*point, metres=FAR_AWAY) else "outside"


def _placed(row: AddressRow, known: KnownAddress | None, place: _Place, placer: Placer) -> PlacedRow:
    point, neighbourhood, placed_by = _where(known, place, placer)
    old = known.point if known is not None else None
    return PlacedRow(
        row=row,
        known=known,
        longitude=point[0] if point else None,
        latitude=point[1] if point else None,
        neighbourhood=neighbourhood,
        placed_by=placed_by,
        households=row.households if row.households is not None or known is None else known.households,
        moved=old is not None and point is not None and distance(old, point) > MOVED_FROM,
        changes_neighbourhood=known is not None and known.neighbourhood not in {None, neighbourhood},
        returns=known is not None and known.is_retired,
    )


def _where(known: KnownAddress | None, place: _Place, placer: Placer) -> tuple[Point | None, str | None, str]:
    """What a hand has placed stays. A usable point decides; without one the last known place is kept."""
    if known is None:
        return place.point, place.neighbourhood, _by(place.neighbourhood)
    if known.placed_by == PlacedBy.HAND and known.neighbourhood is not None:
        return known.point, known.neighbourhood, known.placed_by
    if known.neighbourhood is not None and (place.neighbourhood is None or _is_same(known.point, place.point)):
        return known.point, known.neighbourhood, known.placed_by
    point = known.point if place.point is None or _is_same(known.point, place.point) else place.point
    neighbourhood = place.neighbourhood
    if neighbourhood is None and point is not None:
        area = placer.place(*point)
        neighbourhood = None if area is None else placer.areas[area].key
    return point, neighbourhood, _by(neighbourhood)


def _by(neighbourhood: str | None) -> str:
    return PlacedBy.NOBODY if neighbourhood is None else PlacedBy.POINT


def _is_same(one: Point | None, other: Point | None) -> bool:
    return one is not None and other is not None and distance(one, other) <= MOVED_FROM


def _says_something_new(now: PlacedRow, known: KnownAddress) -> bool:
    gained = known.point is None and now.longitude is not None
    return (
        now.moved
        or now.returns
        or gained
        or now.neighbourhood != known.neighbourhood
        or now.households != known.households
    )


@dataclass(frozen=True)
class BorderComparison:
    """What new borders would do. `matches` gives for each new code the key of the neighbourhood that goes on in it.

    `moves` counts addresses by (old key, new code) where that is another neighbourhood than the old one's successor;
    `outside` lose their neighbourhood; `found` had none and get one. `places` is where every address ends up.
    """

    matches: dict[str, str | None]
    new: list[Border]
    renamed: list[tuple[Area, Border]]
    gone: list[Area]
    moves: Mapping[tuple[str, str], int]
    outside: list[KnownAddress]
    found: list[KnownAddress]
    places: dict[str, str | None]

    @property
    def moved(self) -> int:
        return sum(self.moves.values())


def compare_borders(
    neighbourhoods: Sequence[Area], addresses: Iterable[KnownAddress], borders: Sequence[Border]
) -> BorderComparison:
    """Retired addresses take part: they come back to the right place, but they are not counted."""
    areas = [Area(border.code, border.name, border.polygon) for border in borders]
    matches = match_neighbourhoods(neighbourhoods, areas)
    successors = {old: code for code, old in matches.items() if old is not None}
    given = list(addresses)
    placer = Placer(areas)
    positions = placer.place_many(one.point for one in given)
    places = {
        one.id: _after(one, None if position is None else areas[position].key, successors)
        for one, position in zip(given, positions, strict=True)
    }
    living = [one for one in given if not one.is_retired]
    by_key = {area.key: area for area in neighbourhoods}
    return BorderComparison(
        matches=matches,
        new=[border for border in borders if matches[border.code] is None],
        renamed=[
            (by_key[old], border)
            for border in borders
            if (old := matches[border.code]) is not None and plain(by_key[old].name) != plain(border.name)
        ],
        gone=[area for area in neighbourhoods if area.key not in successors],
        moves=_moves(living, places, successors),
        outside=[one for one in living if one.neighbourhood is not None and places[one.id] is None],
        found=[one for one in living if one.neighbourhood is None and places[one.id] is not None],
        places=places,
    )


def _after(address: KnownAddress, by_point: str | None, successors: Mapping[str, str]) -> str | None:
    """The code of the new border. Without a point, or placed by hand, an address follows its neighbourhood."""
    successor = successors.get(address.neighbourhood) if address.neighbourhood is not None else None
    if successor is not None and (address.placed_by == PlacedBy.HAND or address.point is None):
        return successor
    return by_point


def _moves(
    living: Sequence[KnownAddress], places: Mapping[str, str | None], successors: Mapping[str, str]
) -> Mapping[tuple[str, str], int]:
    counted = Counter(
        (one.neighbourhood, place)
        for one in living
        if one.neighbourhood is not None
        and (place := places[one.id]) is not None
        and place != successors.get(one.neighbourhood)
    )
    return dict(sorted(counted.items()))
