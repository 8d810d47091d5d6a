"""How long cases may wait in the system, and the same figures as it gives them."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kernel.working_time import Stretch, WorkingTime
from ops.client import Client
from ops.replay.complaints.expected import CLOCKS, Count, Limits
from ops.replay.complaints.player import SYSTEM
from ops.replay.complaints.records import Complaints
from ops.replay.complaints.words import Kind
from ops.replay.formats import NONE, Figures, count
from ops.replay.hand import list_accounts
from ops.replay.people import read_names

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_limits(client: Client) -> Limits:
    """The targets of usual cases of usual accounts, and the hours of now. The holidays of a company's
    country are not counted with: where there is one, what is in time may differ."""
    usual = {
        one["kind"]: one
        for one in client.get("/v1/case-targets")["items"]
        if one["priority"] == "normal" and one["tier"] == "standard"
    }
    minutes = {kind: {clock: usual[kind][clock] for clock in CLOCKS} for kind in Kind}
    return Limits(minutes, _read_hours(client.get("/v1/working-hours")))


def _read_hours(told: Mapping[str, Any]) -> WorkingTime:
    week: list[list[Stretch]] = [[] for _ in _WEEKDAYS]
    for one in told["week"]:
        stretch = Stretch(time.fromisoformat(one["opens"]), time.fromisoformat(one["closes"]))
        week[_WEEKDAYS.index(one["weekday"])].append(stretch)
    closed = {date.fromisoformat(day) for day in told["closed_days"]}
    return WorkingTime(ZoneInfo(told["time_zone"]), week, closed.__contains__)


def read_figures(client: Client, complaints: Complaints) -> Figures:
    """What the system says of the cases that were received in the file's days."""
    names = read_names(client)
    # A day more on either side: the period is counted by the business' zone, the file by the hours'.
    period = {
        "from": min(one.received_on for one in complaints.rows) - timedelta(days=1),
        "to": max(one.received_on for one in complaints.rows) + timedelta(days=1),
    }
    told = client.get("/v1/case-figures", **period)
    accounts = list_accounts(client, SYSTEM).values()
    return {
        "cases": {"in all": _count(told["total"])},
        "cases by kind and state": {
            f"{one['kind']} {one['status']}": _count(one) for one in told["kinds"]
        },
        "cases by owner": {names[one["owner_id"]]: _count(one) for one in told["owners"]},
        "cases by manager": {
            names.get(one["manager_id"], NONE): _count(one) for one in told["teams"]
        },
        "accounts by owner": count(names[one["owner_id"]] for one in accounts),
    }


def _count(told: Mapping[str, Any]) -> Count:
    return Count(**{name: told[name] for name in Count.__dataclass_fields__})
