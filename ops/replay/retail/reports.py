"""What the system has of a file, and the same figures as its reports say them."""

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from ops.client import Client
from ops.replay.formats import Figures
from ops.replay.retail.expected import Entered, sum_months, tabulate
from ops.replay.retail.records import Survey


class Held(NamedTuple):
    """A document that the system has, by its number in the file."""

    number: str
    is_void: bool
    entered: Entered


def reason_of(number: str) -> str:
    """The reason of a credit note, by which it is known again: its number here is another."""
    return f"Credit note {number} of the shop."


def list_held(client: Client, found: Survey, account_ids: Collection[str]) -> Iterator[Held]:
    """The file's documents that the system has, of these accounts."""
    days = [one.issued_on for one in found.headings.values()]
    period = {"issued_from": min(days), "issued_to": max(days)}
    for invoice in client.list("/v1/invoices", kind="invoice", **period):
        if invoice["account_id"] in account_ids and invoice["number"] in found.headings:
            entered = Entered(is_credit=False, amount=invoice["total"])
            yield Held(invoice["number"], invoice["voided_on"] is not None, entered)
    reasons = {
        reason_of(one.number): one.number for one in found.headings.values() if one.is_credit
    }
    for note in client.list("/v1/credit-notes"):
        if note["account_id"] in account_ids and note["reason"] in reasons:
            entered = Entered(is_credit=True, amount=note["total"])
            yield Held(reasons[note["reason"]], note["voided_on"] is not None, entered)


def read_figures(
    client: Client, found: Survey, account_ids: Collection[str], *, currency: str
) -> Figures:
    """What the documents that stand come to, what was billed each month, whether the books agree."""
    held = list_held(client, found, account_ids)
    return tabulate(
        (one.entered for one in held if not one.is_void),
        {month: read_billed(client, month, currency) for month in sum_months(found)},
        agree=client.get("/v1/reports/reconciliation")["is_reconciled"],
        currency=currency,
    )


def read_billed(client: Client, month: str, currency: str) -> int:
    """What was invoiced less credited in a month, such as 2010-12, in minor units."""
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    period = {"from": first, "to": last}
    return int(client.get("/v1/reports/dso", **period, currency=currency)["billed"])
