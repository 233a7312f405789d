"""Whom to call before anything is written down, by country: `Municipality.country`.

Sources: 112 in the whole European Union (directive 2018/1972, article 109). Belgium: 101 is for police in a hurry, and
for nothing else (politie.be). The Netherlands: 0900-8844 is for police without a hurry (politie.nl). Police in a hurry:
France 17 (service-public.fr), Germany 110 (polizei.de), Luxembourg 113 (police.public.lu).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Numbers:
    """`police`: in a hurry; `police_later`: without one. Empty: there is none for the whole country."""

    emergency: str = "112"
    police: str = ""
    police_later: str = ""


NUMBERS = {
    "BE": Numbers(police="101"),
    "DE": Numbers(police="110"),
    "FR": Numbers(police="17"),
    "LU": Numbers(police="113"),
    "NL": Numbers(police_later="0900-8844"),
}


def numbers_in(country: str) -> Numbers:
    return NUMBERS.get(country, Numbers())
