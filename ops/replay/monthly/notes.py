"""Credit notes on the bills of months: by lines of the bill, or without one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from ops.client import Client
from ops.replay.monthly.matching import Credit, Place, Said
from ops.replay.monthly.records import last_of_month
from ops.replay.retail.records import bill
from ops.replay.rows import BrokenRow

Bills = Mapping[tuple[str, date], Sequence[str]]
"""The ids of the invoices that billed an account for a month."""


def reason_of(number: str) -> str:
    """The reason of a credit note, by which it is known again, with its invoice."""
    return f"What the shop's credit note {number} says."


def list_invoices(
    client: Client, months: Sequence[date], account_ids: Collection[str]
) -> Iterator[Mapping[str, Any]]:
    """What runs billed these accounts at the ends of these months."""
    period = {"issued_from": months[0], "issued_to": months[-1]}
    ends = {month.isoformat() for month in months}
    for one in client.list("/v1/invoices", kind="invoice", **period):
        is_of_month = one["billing_run_id"] is not None and one["issued_on"] in ends
        if is_of_month and one["account_id"] in account_ids:
            yield one


def list_notes(
    client: Client, numbers: Iterable[str], account_ids: Collection[str]
) -> Iterator[Mapping[str, Any]]:
    """The credit notes of these accounts that are of the shop's, by their reasons."""
    reasons = {reason_of(number) for number in numbers}
    for one in client.list("/v1/credit-notes"):
        if one["reason"] in reasons and one["account_id"] in account_ids:
            yield one


def index_bills(invoices: Iterable[Mapping[str, Any]]) -> Bills:
    """Invoices by account and month, those that are void left out."""
    bills: defaultdict[tuple[str, date], list[str]] = defaultdict(list)
    for one in invoices:
        if one["voided_on"] is None:
            month = last_of_month(date.fromisoformat(one["issued_on"]))
            bills[one["account_id"], month].append(one["invoice_id"])
    return bills


def describe_credit(
    client: Client, credit: Credit, *, account_id: str, bills: Bills, currency: str
) -> Any:
    """A credit note as it is sent.

    Raises:
        BrokenRow: what comes back is on no bill.
    """
    said = {"issued_on": credit.issued_on.isoformat(), "reason": reason_of(credit.number)}
    if credit.month is None:
        free = {"account_id": account_id, "currency": currency, "lines": [*_of_none(credit)]}
        return {"free": said | free}
    for invoice_id in bills.get((account_id, credit.month), ()):
        places = find_places(client.get(f"/v1/invoices/{invoice_id}"), credit)
        if places.keys() >= credit.of_bill.keys():
            lines = [
                {"position": places[place], "quantity": str(quantity)}
                for place, quantity in credit.of_bill.items()
            ]
            return {"on_invoice": said | {"invoice_id": invoice_id, "lines": lines}}
    raise BrokenRow(f"what comes back is on no bill of {credit.month:%Y-%m}")


def find_places(invoice: Mapping[str, Any], credit: Credit) -> dict[Place, int]:
    """The places of lines on an invoice, by what they say."""

    def say(line: Mapping[str, Any]) -> Said:
        return Said(
            credit.customer,
            credit.month or credit.day,
            date.fromisoformat(line["service_from"]),
            line["description"].strip(),
            line["unit_price"],
            int(line["quantity"]),
        )

    lines = [one for one in invoice["lines"] if one["service_from"] is not None]
    whole = [one for one in lines if "." not in one["quantity"]]
    said = sorted((say(one), one["position"]) for one in whole)
    return {
        (what, place): position
        for what, same in groupby(said, key=lambda one: one[0])
        for place, (_, position) in enumerate(same)
    }


def _of_none(credit: Credit) -> Iterator[Mapping[str, Any]]:
    for sale, quantity in credit.of_none:
        told = bill(sale)
        is_whole = quantity == -sale.quantity
        yield told if is_whole else told | {"quantity": str(quantity)}
