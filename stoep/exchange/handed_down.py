"""What the exchange hands to the apps below: parts of posts, notices, lines of the daily mail, slots of the feed."""

from stoep.access import slots, works
from stoep.delivery import notices
from stoep.delivery.digest_lines import register_source
from stoep.exchange import helping_digest
from stoep.exchange.crisis_side import CRISIS
from stoep.exchange.hazard_part import HAZARD, SAID_FIRST
from stoep.exchange.helping_matching import MATCHING
from stoep.exchange.helping_notices import NOTICES as HELPING_NOTICES
from stoep.exchange.helping_part import HELP
from stoep.exchange.helping_side import WAITING
from stoep.exchange.lending_leaving import open_loans
from stoep.exchange.lending_notices import NOTICES as LENDING_NOTICES
from stoep.exchange.lending_parts import PARTS
from stoep.exchange.lost_found_part import LOST_FOUND
from stoep.exchange.offering_part import OFFERED
from stoep.exchange.phone_buddies import STARTERS
from stoep.exchange.services_part import SERVICES
from stoep.exchange.shelf_beginning import BELOW_FEED
from stoep.exchange.shelf_material import ITEM
from stoep.exchange.shelf_search import THINGS
from stoep.exchange.shelf_works import WORKS
from stoep.exchange.thing_photos import OWNER
from stoep.feed import parts, search_sources, starters
from stoep.media import owners
from stoep.moderation import materials
from stoep.people import unfinished


def help_and_searching() -> None:
    for part in (HELP, OFFERED, SERVICES, LOST_FOUND, HAZARD):
        parts.register(part)
    for starter in STARTERS:
        starters.register(starter)
    for notice in (*HELPING_NOTICES, MATCHING):
        notices.register(notice)
    register_source(helping_digest.SOURCE)
    for slot in (WAITING, CRISIS, SAID_FIRST):
        slots.register(slot)


def lending_and_giving() -> None:
    for part in PARTS:
        parts.register(part)
    for notice in LENDING_NOTICES:
        notices.register(notice)
    owners.register(OWNER)
    materials.register(ITEM)
    slots.register(BELOW_FEED)
    search_sources.register(THINGS)
    works.register("exchange", WORKS)
    unfinished.register("exchange", open_loans)
