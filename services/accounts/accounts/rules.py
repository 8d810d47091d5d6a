"""What an account may do in which state, and what may change of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from kernel.refusals import Conflict, Invalid
from services.accounts.calendars.rules import keep_week


class Status(StrEnum):
    """Where an account stands."""

    PROSPECT = "prospect"
    ONBOARDING = "onboarding"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    CLOSING = "closing"
    CLOSED = "closed"


class Action(StrEnum):
    """What moves an account from one status to another."""

    BEGIN_ONBOARDING = "begin_onboarding"
    ACTIVATE = "activate"
    HOLD = "hold"
    RELEASE = "release"
    CLOSE = "close"
    COMPLETE_CLOSING = "complete_closing"
    REFUSE_CLOSING = "refuse_closing"
    WITHDRAW_CLOSING = "withdraw_closing"
    REOPEN = "reopen"


class Channel(StrEnum):
    """How a client prefers to hear from us."""

    EMAIL = "email"
    POST = "post"
    PHONE = "phone"


class ContactRole(StrEnum):
    """What to contact a person at the client's about."""

    DECISION_MAKER = "decision_maker"
    PAYER = "payer"
    DISPUTES = "disputes"
    SHIPPING = "shipping"


class Tier(StrEnum):
    """How much attention an account gets, most first."""

    KEY = "key"
    STANDARD = "standard"
    SMALL = "small"


# Where an action leads from a status; None is back to where the account was before it began to close.
MOVES: Mapping[Status, Mapping[Action, Status | None]] = {
    Status.PROSPECT: {Action.BEGIN_ONBOARDING: Status.ONBOARDING, Action.CLOSE: Status.CLOSING},
    Status.ONBOARDING: {Action.ACTIVATE: Status.ACTIVE, Action.CLOSE: Status.CLOSING},
    Status.ACTIVE: {Action.HOLD: Status.ON_HOLD, Action.CLOSE: Status.CLOSING},
    Status.ON_HOLD: {
        Action.HOLD: Status.ON_HOLD,  # for one reason more
        Action.RELEASE: Status.ACTIVE,
        Action.CLOSE: Status.CLOSING,
    },
    Status.CLOSING: {
        Action.COMPLETE_CLOSING: Status.CLOSED,
        Action.REFUSE_CLOSING: None,
        Action.WITHDRAW_CLOSING: None,
    },
    Status.CLOSED: {Action.REOPEN: Status.ONBOARDING},
}

KNOWN_WITHIN = timedelta(hours=1)  # of its opening, by those that must know an account
TERMS = frozenset({"currency", "net_days"})
NO_ZONES = frozenset({"Factory", "localtime"})  # the machine's own, and none yet: no place's
CREDIT_LIMIT = "credit_limit"

# ISO 3166-1 alpha-2 (2024), and XK, which states use for Kosovo.
_COUNTRY_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS "
    "BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE "
    "EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC "
    "LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA "
    "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO "
    "TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_COUNTRY_CODES.split())


def require_move(number: str, status: Status, action: Action) -> None:
    """Conflict, which says when the action would be possible, where it leads nowhere."""
    if action not in MOVES[status]:
        possible = " or ".join(str(before) for before, moves in MOVES.items() if action in moves)
        raise Conflict(
            "wrong_status",
            f"Account {number} is {status}; {action} is for an account that is {possible}.",
            state=status,
        )


def next_status(
    number: str, status: Status, action: Action, *, before_closing: Status | None = None
) -> Status:
    """Where the action leads; Conflict where it leads nowhere. `before_closing` is where an account
    that ends to be closing was before."""
    require_move(number, status, action)
    to = MOVES[status][action] or before_closing
    assert to is not None, "who ends a closing knows where the account was before"
    return to


def taken(field: str, known: Any) -> Conflict:
    """That another account has this number or tax id; which one, where the caller may see it."""
    noun = field.replace("_", " ")
    if known is None:
        return Conflict(
            f"duplicate_{field}",
            f"Another account, which you may not see, has this {noun}.",
            field=field,
        )
    return Conflict(
        f"duplicate_{field}",
        f"Account {known.number} ({known.name}, {known.status}) has this {noun}; use that account.",
        field=field,
        account_id=known.account_id,
        number=known.number,
    )


def assigned_number(position: int) -> str:
    """The number of the account opened in this place: A-000017."""
    return f"A-{position:06d}"


def is_assigned_form(number: str) -> bool:
    """Whether a number has the form of those that are assigned, which callers may not choose."""
    return re.fullmatch(r"A-\d{6,}", number, re.IGNORECASE) is not None


def is_time_zone(name: str) -> bool:
    """Whether this is the name of a time zone in the IANA database."""
    return name in _time_zones()


def require_profile(profile: Mapping[str, Any]) -> None:
    """Refuse an account that prefers a channel by which it cannot be reached."""
    if profile["preferred_channel"] == Channel.EMAIL and not profile["email"]:
        raise Invalid(
            "email_missing",
            "An account that prefers e-mail needs an address; give one or prefer another channel.",
            field="email",
        )


def require_changeable(number: str, status: Status, *, changed: Set[str], sent: Set[str]) -> None:
    """Refuse changes of a closed account or one that is closing, and of the currency once business may
    have been done in it. `changed` names what differs from before, `sent` what the caller stated."""
    if status == Status.CLOSED:
        raise Conflict("account_closed", f"Account {number} is closed; reopen it to change it.")
    if status == Status.CLOSING:
        raise Conflict(
            "account_closing", f"Account {number} is closing; withdraw the closing to change it."
        )
    if "currency" not in changed:
        return
    if status not in {Status.PROSPECT, Status.ONBOARDING}:
        raise Conflict(
            "currency_fixed",
            f"Account {number} is {status} and does business in its currency; "
            "open another account for the other currency.",
            field="currency",
        )
    if CREDIT_LIMIT not in sent:
        raise Invalid(
            "credit_limit_missing",
            "The credit limit is an amount in the account's currency; give it anew with the currency.",
            field="credit_limit",
        )


def in_family(number: str) -> Conflict:
    """That the currency of an account cannot change while others belong together with it."""
    return Conflict(
        "currency_fixed",
        f"Account {number} belongs together with others, and who pays for whom is agreed in its "
        "currency; part them first.",
        field="currency",
    )


def in_order(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent of an account, its lists in the order in which they are kept: roles each once, hours
    from Monday on. Refuses hours that end before they begin, or that meet."""
    kept = dict(sent)
    if "invoice_recipients" in kept:
        kept["invoice_recipients"] = sorted(set(kept["invoice_recipients"]))
    if kept.get("opening_hours") is not None:
        kept["opening_hours"] = keep_week(kept["opening_hours"], field="opening_hours")
    return kept


@cache
def _time_zones() -> Set[str]:
    return available_timezones() - NO_ZONES


def read_address(told: Mapping[str, Any]) -> dict[str, Any]:
    """An address as it is announced, from how it is stored with the account."""
    last = told["valid_to"]
    return {
        **told,
        "valid_from": date.fromisoformat(told["valid_from"]),
        "valid_to": last and date.fromisoformat(last),
    }


def read_consent(told: Mapping[str, Any]) -> dict[str, Any]:
    """A consent as it is announced, from how it is stored with the account."""
    return {
        **told,
        "channel": Channel(told["channel"]),
        "since": datetime.fromisoformat(told["since"]),
    }
