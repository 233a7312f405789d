"""A neighbourhood's past weeks as timed events, at the rates that real platforms of this kind publish.

Promises: events in order of time, all before `now`; the same input gives the same events; no text comes twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from stoep.operations.demo.facts import DemoNeighbourhood
from stoep.operations.demo.texts import PostText, post_texts

# Per 100 member households 2.4-3.2 posts a week were counted in The Hague and Waterloo, with 7-9 answers each.
POSTS_A_WEEK_PER_100 = 3.0
# The newest posts are the first texts of the file; in a large neighbourhood they have these ages.
FRESH_HOURS = (1.2, 3.5, 7.0, 12.0, 24.0, 31.0)
FRESH_FROM = {100: 6, 30: 2, 0: 0}  # from so many members on, so many posts are fresh
LIVELY = 7  # answers
SMALL = 10  # with fewer members there is no rhythm: the few texts there are
LOCAL = ZoneInfo("Europe/Brussels")
FIRST_HOUR, EVENING, LAST_HOUR = 7, 20, 22
# How busy the hours from 7 to 21 are: a bump in the morning, another at noon, the evening above all.
BUSY = (2, 4, 5, 5, 4, 5, 4, 4, 4, 5, 6, 7, 10, 12, 8)


@dataclass(frozen=True)
class PostEvent:
    """`post` is the number by which the other events name it; `author` an index into the list of members."""

    at: datetime
    post: int
    author: int
    text: PostText


@dataclass(frozen=True)
class ReplyEvent:
    at: datetime
    post: int
    author: int
    text: str


@dataclass(frozen=True)
class ThankEvent:
    at: datetime
    post: int
    author: int


@dataclass(frozen=True)
class SolveEvent:
    """The post's author says who helped, with a word of thanks."""

    at: datetime
    post: int
    author: int
    helper: int
    thank_you: str


Event = PostEvent | ReplyEvent | ThankEvent | SolveEvent


def history(
    *,
    neighbourhood: DemoNeighbourhood,
    people_count: int,
    weeks: int,
    now: datetime,
    seed: str = "",
    voices: Sequence[str] = (),
) -> list[Event]:
    """What `people_count` members did in the `weeks` before `now` (aware; events are in the same time zone).

    With `voices`, one `DemoPerson.voice` a member, a story of a long life is told by somebody with an old name.
    """
    if not people_count:
        return []
    chance = Random(f"history of {neighbourhood.code} {seed}")  # noqa: S311  invented data, nothing secret
    texts = _drawn(post_texts(neighbourhood.name), _post_count(people_count, weeks), chance)
    fresh = FRESH_HOURS[: next(count for members, count in FRESH_FROM.items() if people_count >= members)]
    moments = _post_moments(len(texts), fresh, weeks, now, chance)
    texts.reverse()
    authors = _authors(texts, voices or [""] * people_count, chance)
    events: list[Event] = []
    for number, (at, author, text) in enumerate(zip(moments, authors, texts, strict=True)):
        post = PostEvent(at, number, author, text)
        events += [post, *_aftermath(post, people_count, now, chance)]
    return sorted(events, key=lambda event: event.at)


def _post_count(people_count: int, weeks: int) -> int:
    if people_count < SMALL:
        return 2
    return round(people_count / 100 * POSTS_A_WEEK_PER_100 * weeks)


def _drawn(texts: tuple[PostText, ...], count: int, chance: Random) -> list[PostText]:
    """Newest first: the fresh ones as they stand in the file, then others by chance, the lively ones before the rest.

    One kind seldom comes twice in a row.
    """
    fresh, rest = list(texts[: len(FRESH_HOURS)]), list(texts[len(FRESH_HOURS) :])
    chance.shuffle(rest)
    rest.sort(key=lambda text: len(text.replies) < LIVELY)
    drawn = fresh[:count]
    while rest and len(drawn) < count:
        other = next((text for text in rest if text.kind != drawn[-1].kind), rest[0])
        rest.remove(other)
        drawn.append(other)
    return drawn


def _post_moments(
    count: int, fresh_hours: tuple[float, ...], weeks: int, now: datetime, chance: Random
) -> list[datetime]:
    """Oldest first; even over the weeks with some unrest, and the fresh ones close to now."""
    fresh = [_awake_before(now - timedelta(hours=hours)) for hours in fresh_hours[:count]]
    older = max(0, count - len(fresh))
    end = now - timedelta(hours=40)
    days = (end - (now - timedelta(weeks=weeks))) / timedelta(days=1)
    moments = []
    for turn in range(older):
        day = (end - timedelta(days=days * (turn + chance.random()) / older)).astimezone(LOCAL).date()
        moments.append(min(_busy_moment(day, chance).astimezone(now.tzinfo), end))
    return sorted(_awake_before(moment) for moment in _apart([*fresh, *moments]))


def _apart(moments: list[datetime]) -> list[datetime]:
    """At night several fall on the same minute of the evening: each later one steps back."""
    found: list[datetime] = []
    for moment in sorted(moments, reverse=True):
        latest = found[-1] - timedelta(minutes=17) if found else moment
        found.append(min(moment, latest))
    return found


def _busy_moment(day: date, chance: Random) -> datetime:
    hour = chance.choices(range(FIRST_HOUR, LAST_HOUR), BUSY)[0]
    return datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), LOCAL)


def _awake_before(moment: datetime) -> datetime:
    """The moment, or the evening before if everybody sleeps then; early enough for answers before bedtime."""
    local = moment.astimezone(LOCAL)
    if local.hour < FIRST_HOUR:
        local = (local - timedelta(days=1)).replace(hour=EVENING)
    elif local.hour >= LAST_HOUR:
        local = local.replace(hour=EVENING)
    return local.astimezone(moment.tzinfo)


def _awake_after(moment: datetime) -> datetime:
    """The moment, or some minutes after breakfast if everybody sleeps then."""
    local = moment.astimezone(LOCAL)
    if local.hour >= LAST_HOUR:
        local = (local + timedelta(days=1)).replace(hour=FIRST_HOUR)
    elif local.hour < FIRST_HOUR:
        local = local.replace(hour=FIRST_HOUR)
    return local.astimezone(moment.tzinfo)


def _authors(texts: list[PostText], voices: Sequence[str], chance: Random) -> list[int]:
    """Everybody opens one post at most, as long as there are people: two stories of one life might contradict."""
    waiting: list[int] = []
    authors: dict[int, int] = {}
    for turn in sorted(range(len(texts)), key=lambda turn: not texts[turn].voice):  # the particular ones choose first
        waiting = waiting or chance.sample(range(len(voices)), len(voices))
        author = next((person for person in waiting if voices[person] == texts[turn].voice), waiting[0])
        waiting.remove(author)
        authors[turn] = author
    return [authors[turn] for turn in range(len(texts))]


def _aftermath(post: PostEvent, people_count: int, now: datetime, chance: Random) -> Iterator[Event]:
    replies = [reply for reply in _replies(post, people_count, chance) if reply.at < now]
    yield from replies
    yield from (thanks for thanks in _thanks(post, people_count, chance) if thanks.at < now)
    solver = post.text.solved_by
    if solver is not None and len(replies) == len(post.text.replies):
        at = _awake_after(replies[-1].at + timedelta(minutes=chance.randrange(5, 90)))
        if at < now:
            yield SolveEvent(at, post.post, post.author, replies[solver - 1].author, post.text.thank_you)


def _replies(post: PostEvent, people_count: int, chance: Random) -> Iterator[ReplyEvent]:
    """As the texts tell, with a little unrest in time; every "other" is somebody who has not spoken yet."""
    silent = [person for person in range(people_count) if person != post.author]
    chance.shuffle(silent)
    at, other = post.at, post.author
    for reply in post.text.replies:
        if reply.by == "other":
            if not silent:
                return
            other = silent.pop()
        wished = post.at + timedelta(minutes=reply.after * chance.uniform(0.9, 1.1), seconds=chance.randrange(60))
        at = _awake_after(max(wished, at + timedelta(minutes=1, seconds=chance.randrange(90))))
        yield ReplyEvent(at, post.post, post.author if reply.by == "author" else other, reply.text)


def _thanks(post: PostEvent, people_count: int, chance: Random) -> Iterator[ThankEvent]:
    others = [person for person in range(people_count) if person != post.author]
    for person in chance.sample(others, min(post.text.thanks, len(others))):
        yield ThankEvent(_awake_after(post.at + timedelta(minutes=chance.expovariate(1 / 400) + 3)), post.post, person)
