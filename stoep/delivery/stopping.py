"""The link with which anybody stops a stream of mail, without signing in; and what mail programs read about it."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from django.utils.text import slugify

from stoep.common.crypto import key_for
from stoep.delivery.links import site_url
from stoep.delivery.models import DIGEST, Stream
from stoep.people.models import Person

ALL, WEEKLY = "all", "weekly"
# One letter in the token for each thing that its button does.
LETTERS = {
    DIGEST: b"d",
    WEEKLY: b"w",
    ALL: b"a",
    Stream.MINE.value: b"m",
    Stream.CHAT.value: b"c",
    Stream.NEIGHBOURHOOD.value: b"n",
    Stream.CITY.value: b"s",
    Stream.URGENT.value: b"u",
}
WISHES = {letter: wish for wish, letter in LETTERS.items()}
ID_BYTES, PROOF_BYTES = 16, 15
# 32 bytes in the letters that an address may hold.
TOKEN_LENGTH = 43


@dataclass(frozen=True)
class Stop:
    """What a token asks for: `wish` is a stream, DIGEST, WEEKLY or ALL."""

    person_id: UUID
    wish: str


def token_for(person_id: UUID, wish: str) -> str:
    """Works for ever, and for nothing else than to hear less."""
    facts = person_id.bytes + LETTERS[wish]
    return base64.urlsafe_b64encode(facts + _proof(facts)).decode().rstrip("=")


def read_token(token: str) -> Stop | None:
    """None: not a token of ours."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        found = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except ValueError:
        return None
    facts, proof = found[: ID_BYTES + 1], found[ID_BYTES + 1 :]
    wish = WISHES.get(facts[ID_BYTES:])
    if wish is None or not hmac.compare_digest(proof, _proof(facts)):
        return None
    return Stop(UUID(bytes=facts[:ID_BYTES]), wish)


def stop_link(person: Person, wish: str) -> str:
    return site_url(person.municipality, f"/u/{token_for(person.pk, wish)}/")


def stream_headers(person: Person, stream: str, *, sender: str, thread_id: UUID | None = None) -> dict[str, str]:
    """What a mail of a stream carries, so that programs can sort it, gather it, and stop it with one click (RFC 8058).

    Urgent mails carry no way to stop them: their reader may need the next one.
    """
    host = person.municipality.host
    place = person.standing.neighbourhood_name or person.municipality.name
    headers = {
        "List-Id": f"{place} <{slugify(place) or 'neighbourhood'}.{host}>",
        "Precedence": "bulk",
        "Feedback-ID": f"{stream}:{person.municipality.slug}:stoep",
    }
    if stream != Stream.URGENT:
        token = token_for(person.pk, stream)
        by_mail = f"<mailto:{sender}?subject=stop%20{token}>"
        headers["List-Unsubscribe"] = f"<{site_url(person.municipality, f'/u/{token}/')}>, {by_mail}"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if thread_id is not None:
        # All mails about one post hang below one root that nobody was sent.
        headers["In-Reply-To"] = headers["References"] = f"<post-{thread_id}@{host}>"
    return headers


def _proof(facts: bytes) -> bytes:
    return hmac.new(key_for("delivery.stop"), facts, hashlib.sha256).digest()[:PROOF_BYTES]
