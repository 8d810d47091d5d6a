"""The house: who works there and when, in which teams, and what it says about itself."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

STAFF = (
    # name, role, whom they report to
    ("Helena Brandt", "vice_president", None),
    ("Marcus Oyelaran", "director", "Helena Brandt"),
    ("Ines Carvalho", "lead", "Marcus Oyelaran"),
    ("Tomasz Wilk", "lead", "Marcus Oyelaran"),
    ("Clara Jansen", "account_manager", "Ines Carvalho"),
    ("Dev Malhotra", "account_manager", "Ines Carvalho"),
    ("Sofia Lindqvist", "account_manager", "Tomasz Wilk"),
    ("Pierre Aubert", "account_manager", "Tomasz Wilk"),
    ("Noor Haddad", "assistant", "Clara Jansen"),
    ("Olaf Stein", "assistant", "Marcus Oyelaran"),
)
TEAMS = {"North": "Ines Carvalho", "South": "Tomasz Wilk"}
"""Each with its lead; who reports to the lead is in it."""

REQUIREMENT = {"name": "Food business licence", "needs_expiry": True, "holds_business": True}
"""A document without which there is no business; every client has one that expires within the year."""

COMPANY: dict[str, Any] = {
    "legal_name": "Brandt Coffee GmbH",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "languages": ["de", "en"],
    "addresses": [
        {
            "kind": "legal",
            "street": ["Speicherstraße 4"],
            "city": "Hamburg",
            "postal_code": "20457",
            "country": "DE",
        }
    ],
    "tax_ids": [{"kind": "VAT", "value": "DE136695976"}],
    "bank_accounts": [{"iban": "DE89 3704 0044 0532 0130 00"}],
    "email_from": "accounts@brandt-coffee.example",
}
HOLIDAYS = frozenset(
    date(2025, month, day)
    for month, day in (
        (1, 1),
        (4, 18),
        (4, 21),
        (5, 1),
        (5, 29),
        (6, 9),
        (10, 3),
        (12, 25),
        (12, 26),
    )
)
"""Nobody of the house works on these; clients order and pay all the same."""

WINTER_BREAK = tuple(date(2025, 12, 24) + timedelta(days=n) for n in range(10))
"""Between the years the house is closed."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
WORKING_HOURS: dict[str, Any] = {
    "week": [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in _WEEKDAYS],
    "closed_days": [str(day) for day in WINTER_BREAK],
}


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away, and who does their work; known the day before it begins."""

    name: str
    stand_in: str
    told_on: date
    from_on: date
    until_on: date
    extended_to: date


ILLNESS = Absence(
    name="Sofia Lindqvist",
    stand_in="Pierre Aubert",
    told_on=date(2025, 3, 10),
    from_on=date(2025, 3, 11),
    until_on=date(2025, 3, 14),
    extended_to=date(2025, 3, 19),
)
LEAVER, LEAVES_ON = "Dev Malhotra", date(2025, 9, 30)
NEWCOMER, JOINS_ON = ("Jonas Weiss", "account_manager", "Ines Carvalho"), date(2025, 9, 1)
HELPER = "Noor Haddad"
STOREKEEPER, DIRECTOR = "Olaf Stein", "Marcus Oyelaran"
HELPS_FROM, HELPS_UNTIL = date(2025, 4, 1), date(2025, 9, 30)


def list_leads() -> list[str]:
    """Who leads a team."""
    return list(TEAMS.values())


def list_managers(today: date) -> list[str]:
    """The account managers of the house today, ill or not."""
    names = [name for name, role, _ in (*STAFF, NEWCOMER) if role == "account_manager"]
    gone = {LEAVER} if today >= LEAVES_ON else {NEWCOMER[0]} if today < JOINS_ON else set()
    return [name for name in names if name not in gone]


def who_works_for(name: str, today: date) -> str:
    """Who does somebody's work today: their stand-in while they are away."""
    is_away = ILLNESS.from_on <= today <= ILLNESS.extended_to
    return ILLNESS.stand_in if is_away and name == ILLNESS.name else name


def is_open(today: date) -> bool:
    """Whether the house works today."""
    return today.weekday() < 5 and today not in HOLIDAYS | {*WINTER_BREAK}


def who_leads(name: str) -> str:
    """Whom somebody reports to."""
    [superior] = [above for one, _, above in (*STAFF, NEWCOMER) if one == name and above]
    return superior
