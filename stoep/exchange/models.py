"""All tables of the exchange: what neighbours help each other with, and what they lend and give."""

from stoep.exchange.helping_models import (
    AGES_LENGTH,
    THANK_YOU_LENGTH,
    WHEN_LENGTH,
    WHERE_LENGTH,
    Hazard,
    HelpOffer,
    HelpRequest,
    LostFound,
    Service,
)
from stoep.exchange.lending_models import DAMAGE_LENGTH, OUT, OVER, PROMISED, Item, Loan, LoanQuerySet, Wish

__all__ = [
    "AGES_LENGTH",
    "DAMAGE_LENGTH",
    "OUT",
    "OVER",
    "PROMISED",
    "THANK_YOU_LENGTH",
    "WHEN_LENGTH",
    "WHERE_LENGTH",
    "Hazard",
    "HelpOffer",
    "HelpRequest",
    "Item",
    "Loan",
    "LoanQuerySet",
    "LostFound",
    "Service",
    "Wish",
]
