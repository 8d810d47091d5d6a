"""Billing runs, as a person has them: planned, looked at, approved."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.money import Money
from ops.client import Client, Refused, Unreachable
from ops.replay.hand import key_of
from ops.replay.monthly.records import Due

PATH = "/v1/billing-runs"
OVER = ("completed", "completed_with_parked")
LIMITS = {"lines_max": 10_000, "ratio_max": "1000000"}
"""No bill is parked for its size: each is held against the file before the run is approved."""
PAUSE_SECONDS = 0.2
SECONDS_MAX = 600.0  # without any of its bills being done
Run = Mapping[str, Any]


class NotApproved(RuntimeError):
    """A run would bill what is not of the file; the text says which run, and what."""


@dataclass(frozen=True)
class Looked:
    """What a run made: its bills, what is invoiced in minor units, how long it took to foresee and to
    issue, and by account why bills are parked."""

    month: date
    bills: int
    invoiced: int
    seconds_foreseen: float
    seconds_issued: float
    parked: Mapping[str, str]

    def tell(self, currency: str) -> str:
        """In a sentence."""
        return (
            f"{self.month:%Y-%m}: {self.bills:,} bills foreseen in {self.seconds_foreseen:,.1f} s, "
            f"{Money(self.invoiced, currency)} issued in {self.seconds_issued:,.1f} s, "
            f"{len(self.parked):,} parked."
        )


def bill_month(
    client: Client, month: date, due: Mapping[str, Due], *, currency: str
) -> Looked | None:
    """Have a month billed by a run of its last day, which is `due` by account; None where nothing of it
    waits. A run that was begun before is gone on with.

    Raises:
        NotApproved: it would bill anything else.
    """
    run = _begin(client, month, currency=currency)
    if run is None:
        return None
    begun = time.monotonic()
    path = f"{PATH}/{run['billing_run_id']}"
    run = _wait(client, path, lambda one: one["status"] != "planned")
    foreseen = time.monotonic()
    if run["status"] == "previewed":
        _look(client, path, run, due)
        client.post(f"{path}/approve", key=key_of(f"{path}/approve", None))
    run = _wait(client, path, lambda one: one["status"] in OVER)
    bills = list_bills(client, run["billing_run_id"])
    parked = {one["account_id"]: one["detail"] for one in bills if one["status"] == "parked"}
    invoiced = sum(one["total"] for one in bills if one["status"] == "invoiced")
    ended = time.monotonic()
    return Looked(month, run["bills"], invoiced, foreseen - begun, ended - foreseen, parked)


def list_runs(client: Client, month: date, *, currency: str) -> list[Run]:
    """The runs that billed a month in a currency, or are about to."""
    return [
        run
        for run in client.list(PATH)
        if (run["cutoff_on"], run["invoice_on"]) == (month.isoformat(), month.isoformat())
        and (run["currency"], run["accounts"], run["bill_day"]) == (currency, None, None)
        and run["status"] != "cancelled"
    ]


def list_bills(client: Client, billing_run_id: str) -> list[Mapping[str, Any]]:
    """The bills of a run."""
    return [*client.list(f"{PATH}/{billing_run_id}/items")]


def _begin(client: Client, month: date, *, currency: str) -> Run | None:
    known = list_runs(client, month, currency=currency)
    for run in known:
        if run["status"] not in OVER:
            return run
    day = month.isoformat()
    asked = {"cutoff_on": day, "invoice_on": day, "currency": currency, "makes": "invoices"}
    try:
        run = client.post(PATH, asked | LIMITS, key=key_of(PATH, [asked, len(known)]))
    except Refused as refusal:
        if refusal.code == "nothing_to_bill":
            return None
        raise
    return dict(run)


def _look(client: Client, path: str, run: Run, due: Mapping[str, Due]) -> None:
    """Hold each bill against what the file has for its client and month."""
    for bill in list_bills(client, run["billing_run_id"]):
        most = due.get(bill["account_id"], Due())
        is_of_file = bill["lines"] <= most.lines and bill["total"] <= most.net
        if bill["status"] != "pending" or is_of_file:
            continue
        raise NotApproved(
            f"Billing run {run['billing_run_id']} foresees {bill['lines']} lines that come to "
            f"{Money(bill['total'], bill['currency'])} for account {bill['account_id']}, where the file "
            f"has {most.lines} that come to {Money(most.net, bill['currency'])}. It is not approved: "
            f"something else waits to be billed until {run['cutoff_on']}. Bill that by a run of its own, "
            "cancel this one, and give the same command again."
        )


def _wait(client: Client, path: str, is_reached: Callable[[Run], bool]) -> Run:
    until, before = time.monotonic() + SECONDS_MAX, None
    while not is_reached(run := client.get(path)):
        if run["version"] != before:
            until, before = time.monotonic() + SECONDS_MAX, run["version"]
        if time.monotonic() > until:
            raise Unreachable(
                f"{path} is {run['status']} and has stood still for {SECONDS_MAX:,.0f} s."
            )
        time.sleep(PAUSE_SECONDS)
    return dict(run)
