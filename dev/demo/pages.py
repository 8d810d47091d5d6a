"""Pages as a person reads them: the morning's list, a case with its clocks, a hand-over pack. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from kernel.money import Money

WIDTH = 100
LABEL = 24
Thing = Mapping[str, Any]
Names = Mapping[str, str]
"""Of people, by their ids."""

_WAYS = {"phone": "Ring", "email": "Write to", "post": "Send a letter to"}
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?\+00:00")
_VERDICTS = {"met": "on time", "missed": "too late", None: "still runs"}


def write_morning(lines: Iterable[Thing], at: datetime) -> Iterator[str]:
    """Whom to contact, why now, how much is at stake, how, and what time it is there."""
    for place, line in enumerate(lines, start=1):
        head = f"{place:>2}. {line['account_name']} ({line['account_number']})"
        stake = " and ".join(write_money(one) for one in line["at_stake"])
        worth = f"{stake} at stake, " if stake else ""
        yield _spread(head, f"{worth}{line['score']} points")
        yield from _indent(_say_whom(line), 4)
        yield from _indent(_say_hours(line, at), 4)
        for reason in line["reasons"]:
            yield from _indent(f"· {reason['sentence']}", 4, hang=2)


def write_case(
    about: str, case: Thing, told: Iterable[tuple[datetime, str]], zone: tzinfo
) -> Iterator[str]:
    """What it is about, what happened when, and what the clocks counted of our working time."""
    yield from _indent(about, 2)
    yield ""
    for at, text in told:
        there = at.astimezone(zone)
        yield from _indent(f"{there:%a %d %b %H:%M}  {text}", 2, hang=18)
    yield ""
    yield f"  {'working time':<18}{'may take':>10}{'took':>10}"
    for clock in case["clocks"]:
        name = clock["clock"].replace("_", " ")
        times = (clock["target_minutes"], clock["elapsed_minutes"])
        target, elapsed = (f"{minutes // 60}:{minutes % 60:02} h" for minutes in times)
        yield f"  {name:<18}{target:>10}{elapsed:>10}   {_VERDICTS[clock['outcome']]}"


def write_pack(pack: Thing) -> Iterator[str]:
    """All sections of a pack, each thing on a line of its own."""
    for section, value in pack.items():
        yield section.replace("_", " ").capitalize()
        if isinstance(value, dict):
            for name, one in value.items():
                if one not in (None, [], {}):
                    yield from _indent(f"{_label(name):<{LABEL}}{_say(one)}", 2, hang=LABEL)
        else:
            for one in value or ["None."]:
                yield from _indent(f"· {_say(one)}", 2, hang=2)


def name_people(text: str, names: Names) -> str:
    """The text with people's names where their ids were."""
    for one, name in names.items():
        text = text.replace(one, name)
    return text


def write_money(value: Thing) -> str:
    """A sum with its currency."""
    return str(Money(value["amount"], value["currency"]))


def _say_whom(line: Thing) -> str:
    contact = line["contact"]
    if contact is None:
        return "There is nobody to speak to yet."
    whom = f"{_WAYS[line['channel']]} {contact['name']} ({', '.join(contact['roles'])})"
    ways = [line["number"] or "their address"]
    if contact["phone"] and contact["phone"] != line["number"]:
        ways.append(f"phone {contact['phone']}")
    return f"{whom.replace('_', ' ')}: {', '.join(ways)}."


def _say_hours(line: Thing, at: datetime) -> str:
    zone = ZoneInfo(line["time_zone"])
    opens, closes = (
        datetime.fromisoformat(line[name]).astimezone(zone)
        for name in ("contact_from", "contact_until")
    )
    there = at.astimezone(zone)
    day = "" if opens.date() == there.date() else f"{opens:%a %d %b} "
    return f"There it is {there:%H:%M}; open {day}{opens:%H:%M} to {closes:%H:%M}."


def _say(value: Any) -> str:
    if isinstance(value, dict):
        parts = ((name, one) for name, one in value.items() if one not in (None, [], {}))
        return " · ".join(f"{_label(name).lower()} {_say(one)}" for name, one in parts)
    if isinstance(value, list):
        return ", ".join(_say(one) for one in value)
    return _MOMENT.sub(r"\1 \2 UTC", str(value))


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _spread(left: str, right: str) -> str:
    return f"{left}{right:>{max(len(right) + 2, WIDTH - len(left))}}"


def _indent(text: str, depth: int, *, hang: int = 0) -> list[str]:
    first, later = " " * depth, " " * (depth + hang)
    shape: dict[str, Any] = {"initial_indent": first, "subsequent_indent": later}
    return wrap(text, WIDTH, **shape, break_on_hyphens=False)
