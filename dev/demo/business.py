"""The business: what it sells, who its clients are, how they pay, and who belongs to whom.

Everything is drawn from one seed. Names of people, firms and places are made up.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from dev.demo.house import STAFF

SEED = 20250102
FIRST_DAY, LAST_DAY = date(2025, 1, 2), date(2025, 12, 31)
ACCOUNTS = 48
OPENING_DAYS = 200
"""New clients come within so many days, more of them at first."""

PRODUCTS = (
    # sku, name, price in cents, tax
    ("BEAN-ESP", "Espresso beans, 6 × 1 kg", 8940, "7.00"),
    ("BEAN-FIL", "Filter beans, 6 × 1 kg", 8280, "7.00"),
    ("BEAN-DEC", "Decaffeinated beans, 6 × 1 kg", 9480, "7.00"),
    ("TEA-MIX", "Tea selection, 200 bags", 3150, "7.00"),
    ("OAT-12", "Oat drink, 12 × 1 l", 2268, "19.00"),
    ("CUP-500", "Paper cups, 500", 4990, "19.00"),
    ("FILT-1000", "Paper filters, 1,000", 1890, "19.00"),
    ("CLEAN-KIT", "Cleaning kit for machines", 5650, "19.00"),
    ("GRIND-PRO", "Grinder", 74900, "19.00"),
    ("BREW-12", "Filter machine, 12 l an hour", 119000, "19.00"),
    ("ESPR-2", "Espresso machine, two groups", 389000, "19.00"),
    ("SERV-Q", "Quarterly maintenance", 24500, "19.00"),
)
SUPPLIES, MACHINES = PRODUCTS[:8], PRODUCTS[8:]
POUND_PERCENT = 86
"""What a price in cents is in pence, in percent."""

_KINDS = (
    "Hotel",
    "Café",
    "Bakery",
    "Office",
    "Bistro",
    "Studio",
    "Canteen",
    "Clinic",
    "Campus",
    "Spa",
)
_NAMES = (
    "Alder Amber Anchor Aurora Beacon Birch Cedar Cobalt Copper Coral Ember Falcon Garnet Harbour "
    "Heron Indigo Juniper Lantern Linden Maple Meridian Northgate Opal Orchard Pearl Quarry Raven "
    "Saffron Sable Willow"
)
_PEOPLE = (
    "Anna Ben Chiara David Elif Farah Georg Hanna Ivan Julia Karim Lena Milan Nadia Oskar Paula Rosa "
    "Samir Tilda Viktor"
)
_FAMILIES = (
    "Albrecht Bakker Costa Dahl Esposito Fischer Gruber Horvat Ivers Jung Keller Lehmann Moreau Novak "
    "Olsen Petrov Rossi Schmid Toth Vogel"
)
_PLACES = {
    # country: legal form, language, time zone, currency, phone, city, postal code
    "DE": ("GmbH", "de", "Europe/Berlin", "EUR", "+49 30 23125", "Berlin", "10117"),
    "NL": ("B.V.", "en", "Europe/Amsterdam", "EUR", "+31 20 5550", "Amsterdam", "1012 AB"),
    "AT": ("GmbH", "de", "Europe/Vienna", "EUR", "+43 1 5550", "Wien", "1010"),
    "IE": ("Ltd", "en", "Europe/Dublin", "EUR", "+353 1 5557", "Dublin", "D02 AF30"),
    "GB": ("Ltd", "en", "Europe/London", "GBP", "+44 20 79460", "London", "SW1A 1AA"),
}


class Payer(StrEnum):
    """How a client pays."""

    PROMPT = "prompt"
    LATE = "late"
    VERY_LATE = "very late"
    IN_PARTS = "in parts"
    IN_LUMPS = "in lumps"
    TOO_MUCH = "too much"
    BY_CHEQUE = "by cheque, and one bounces"
    NEVER = "not any more"
    WHEN_PRESSED = "when collections calls"


_PAYERS = (
    (Payer.PROMPT, 20),
    (Payer.LATE, 9),
    (Payer.VERY_LATE, 5),
    (Payer.IN_PARTS, 3),
    (Payer.IN_LUMPS, 3),
    (Payer.TOO_MUCH, 2),
    (Payer.BY_CHEQUE, 2),
    (Payer.NEVER, 2),
    (Payer.WHEN_PRESSED, 2),
)


@dataclass(frozen=True, slots=True)
class Client:
    """A client to be, and how it will behave."""

    number: str
    name: str
    slug: str
    country: str
    language: str
    time_zone: str
    currency: str
    tier: str
    net_days: int
    credit_limit: int | None
    channel: str
    manager: str
    payer_name: str
    payer_phone: str
    buyer_name: str
    buyer_phone: str
    address: Mapping[str, Any]
    opens_on: date
    onboarding_days: int | None
    order_every_days: int
    payer: Payer


def list_clients() -> list[Client]:
    """The clients in the order in which they come."""
    draw = random.Random(SEED)
    names = draw.sample([f"{name} {kind}" for name in _NAMES.split() for kind in _KINDS], ACCOUNTS)
    payers = [payer for payer, count in _PAYERS for _ in range(count)]
    draw.shuffle(payers)
    days = sorted(int(OPENING_DAYS * draw.random() ** 1.7) for _ in range(ACCOUNTS))
    return [
        _make_client(
            draw, index, names[index], payers[index], FIRST_DAY + timedelta(days=days[index])
        )
        for index in range(ACCOUNTS)
    ]


def next_working_day(day: date) -> date:
    """The day itself or, at a weekend, the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _make_client(
    draw: random.Random, index: int, name: str, payer: Payer, opens_on: date
) -> Client:
    country = draw.choices(list(_PLACES), weights=(60, 12, 10, 8, 10))[0]
    legal_form, language, time_zone, currency, phone, city, postal_code = _PLACES[country]
    tier = draw.choices(("key", "standard", "small"), weights=(15, 55, 30))[0]
    managers = [person for person, role, _ in STAFF if role == "account_manager"]
    place = {"city": city, "postal_code": postal_code, "country": country}
    return Client(
        number=f"C{index + 1001}",
        name=f"{name} {legal_form}",
        slug=name.lower().replace("é", "e").replace(" ", "-"),
        country=country,
        language=language,
        time_zone=time_zone,
        currency=currency,
        tier=tier,
        net_days=draw.choice((14, 30, 30, 30)),
        credit_limit={"key": None, "standard": 900_000, "small": 250_000}[tier],
        channel=draw.choices(("email", "post"), weights=(85, 15))[0],
        manager=managers[index % len(managers)],
        payer_name=_draw_person(draw),
        payer_phone=f"{phone}{index + 100}",
        buyer_name=_draw_person(draw),
        buyer_phone=f"{phone}{index + 500}",
        address={"kind": "legal", "street": [f"{name.split()[0]}street {index + 1}"], **place},
        opens_on=next_working_day(opens_on),
        onboarding_days=None if index in (33, 45) else draw.randint(1, 9),
        order_every_days={"key": 24, "standard": 38, "small": 52}[tier] + draw.randint(-6, 6),
        payer=payer,
    )


def _draw_person(draw: random.Random) -> str:
    return f"{draw.choice(_PEOPLE.split())} {draw.choice(_FAMILIES.split())}"


FAMILY_SIZE = 3
OPENS_EARLY = frozenset({"Bakery", "Café"})
OPENS_DAILY = frozenset({"Hotel", "Spa"})
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def find_family(clients: Sequence[Client]) -> dict[str, tuple[str, str]]:
    """Which clients belong to which other, and who pays for them: child or parent; numbers of clients.

    The first client of the country with most becomes a parent; of two that come later, it pays for one.
    """
    group = [one for one in clients if one.country == "DE" and one.onboarding_days is not None]
    parent, *children = group[:FAMILY_SIZE]
    payers = ("parent", "child")
    pairs = zip(children, payers, strict=True)
    return {child.number: (parent.number, payer) for child, payer in pairs}


def choose_hours(client: Client) -> list[dict[str, str]] | None:
    """When a client is open, where it is not as most are."""
    kind = client.name.rsplit(" ", 2)[1]
    if kind in OPENS_EARLY:
        return [{"weekday": day, "opens": "07:00", "closes": "15:00"} for day in _WEEK[:6]]
    if kind in OPENS_DAILY:
        return [{"weekday": day, "opens": "08:00", "closes": "18:00"} for day in _WEEK]
    return None
