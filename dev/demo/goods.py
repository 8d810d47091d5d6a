"""What came of the year's goods, read from the gateway: what was promised, what came back, what credit
did not allow, what left as it was paid for, what was counted, and what there was at each month's end."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dev.demo import trading
from dev.demo.bill_pages import write_lines, write_papers
from dev.demo.business import FIRST_DAY
from dev.demo.goods_pages import (
    find_gaps,
    sum_months,
    write_count,
    write_days,
    write_delivery,
    write_override,
    write_promises,
    write_quantity,
    write_return,
)
from dev.demo.house import COMPANY
from dev.demo.stockroom import COUNTED_ON
from dev.demo.tables import Page, as_page, new_table
from kernel.money import Money
from ops.client import Client

CREDITED = 4925
"""Of 3 of 8 at 24.00 less 10 % with 20 % tax, 1 rejected, less 5 %."""

MONTHS = 12
COUNTED_IN = f"{COUNTED_ON:%Y-%m}"
_ZONE = ZoneInfo(COMPANY["time_zone"])
Thing = dict[str, Any]


class Goods:
    """Reads what the stockroom and whoever sells see; `faults` says what does not add up."""

    def __init__(
        self,
        client: Client,
        papers: Path,
        today: date,
        accounts: Mapping[str, Thing],
        orders: list[Thing],
        invoices: list[Thing],
    ) -> None:
        """Take the gateway, where papers are, the year's last day, accounts by id, all orders and
        invoices."""
        self._client = client
        self._papers = papers
        self._today = today
        self._accounts = accounts
        self._orders = {
            one["reference"]: one
            for one in orders
            if one["reference"] in trading.REFERENCES and one["replaces_return_id"] is None
        }
        self._replacements = {
            one["replaces_return_id"]: one for one in orders if one["replaces_return_id"]
        }
        self._invoices = invoices
        self._names = {one["staff_id"]: one["name"] for one in client.list("/v1/staff")}
        self._returns = self._read_returns()
        self._reports = list(client.list("/v1/inventory-reports"))[::-1]
        self._lines = {
            one["inventory_report_id"]: list(client.list(f"{_path(one)}/lines"))
            for one in self._reports
        }
        self.faults = list(self._find_faults())

    def confirm(self) -> Iterator[str]:
        """What was checked and is so."""
        yield (
            f"each of the {len(self._reports)} inventory reports begins where the one before ended, and "
            "is as it was frozen"
        )
        credited = Money(CREDITED, "EUR")
        yield f"what came back is credited, {credited}, and what was sent in its place is not billed"

    def pages(self) -> Iterator[Page]:
        """Each order of the story, the count, the months, and where the papers are."""
        yield self._write_late()
        yield self._write_returns()
        yield self._write_override()
        yield self._write_paid()
        yield self._write_count()
        yield self._tabulate_months()
        yield self._tabulate_levels()
        yield "Goods on paper", as_page(self._write_papers())

    def _find_faults(self) -> Iterator[str]:
        if len(self._reports) != MONTHS:
            yield f"There are {len(self._reports)} inventory reports of {MONTHS} months."
        yield from find_gaps(self._reports, self._lines)
        for report in self._reports:
            content = self._client.send("GET", f"{_path(report)}/lines.csv").body
            if hashlib.sha256(content).hexdigest() != report["sha256"]:
                yield f"The inventory of {report['month']} has changed since it was frozen."
        notes = [note["total"] for note in self._read_notes()]
        if notes != [CREDITED]:
            yield f"What came back was credited by {notes}."
        replacements = {one["order_id"] for one in self._replacements.values()}
        for invoice in self._invoices:
            if invoice["order_id"] in replacements and invoice["total"]:
                yield f"{invoice['number']} bills what was sent in another's place."

    def _write_late(self) -> Page:
        order = self._orders[trading.LATE]
        page = self._client.get(f"/v1/orders/{order['order_id']}/delivery")
        period = {"promised_from": FIRST_DAY, "promised_to": self._today}
        report = self._client.get("/v1/reports/kept-promises", **period)
        lines = [
            *write_delivery(page, self._names, _ZONE),
            "  All promises of the year",
            *write_promises(report),
        ]
        return f"An order of 40 of which 20 are late: {self._name(order)}", as_page(lines)

    def _read_returns(self) -> list[Thing]:
        """The story's, the first first."""
        order_id = self._orders[trading.RETURNED]["order_id"]
        found = list(self._client.list("/v1/returns", order_id=order_id))[::-1]
        return [self._client.get(f"/v1/returns/{one['return_id']}") for one in found]

    def _read_notes(self) -> list[Thing]:
        return [
            self._client.get(f"/v1/credit-notes/{note['credit_note_id']}")
            for page in self._returns
            for note in page["credit_notes"]
        ]

    def _write_returns(self) -> Page:
        """All of the order's; beside them what was credited, and what was sent in their place."""
        lines: list[str] = []
        for page in self._returns:
            lines += write_return(page, self._names, _ZONE)
            if (order := self._replacements.get(page["return_id"])) is not None:
                sent = list(self._client.list(f"/v1/orders/{order['order_id']}/shipments"))
                days = ", ".join(f"{one['number']} of {one['shipped_on']}" for one in sent)
                total = Money(order["total_gross"], order["currency"])
                lines.append(f"  In its place: {order['number']} at {total}, sent with {days}")
        for note in self._read_notes():
            lines += write_lines({**note, "lines": [_as_billed(line) for line in note["lines"]]})
        name = self._name(self._orders[trading.RETURNED])
        return f"Eight sold, three back of which one is rejected, one replaced: {name}", as_page(
            lines
        )

    def _write_override(self) -> Page:
        order = self._orders[trading.BEYOND]
        [override] = self._client.list("/v1/credit-overrides", order_id=order["order_id"])
        account = self._accounts[order["account_id"]]
        limit = Money(account["credit_limit"], account["currency"])
        total = Money(order["total_gross"], order["currency"])
        refused = (
            f"{order['number']} comes to {total}; the credit limit of {limit} did not allow it."
        )
        title = f"An order beyond the credit limit: {self._name(order)}"
        return title, as_page(write_override(refused, override, self._names, _ZONE))

    def _write_paid(self) -> Page:
        """Bills and shipments in the order of their days, and what a person settled between them."""
        order = self._orders[trading.PAID]
        path = f"/v1/orders/{order['order_id']}"
        told = [(order["ordered_on"], "ordered: 9 kits, billed on order, shipped on payment")]
        bills = (one for one in self._invoices[::-1] if one["order_id"] == order["order_id"])
        told += [self._say_bill(one) for one in bills]
        told += [_say_settled(one, self._names) for one in self._list_exceptions(order)]
        for one in self._client.list(f"{path}/shipments"):
            many = write_quantity(one["lines"][0]["quantity"])
            told.append((one["shipped_on"], f"sent: {many} with {one['number']}"))
        [line] = self._client.get(f"{path}/money")["lines"]
        sums = ("ordered", "billed", "paid", "shipped", "to_bill", "to_ship")
        figures = ", ".join(
            f"{write_quantity(line[name])} {name.replace('_', ' ')}" for name in sums
        )
        title = f"Billed on order, shipped on payment: {self._name(order)}"
        return title, as_page([*write_days(told), f"  At the end: {figures}"])

    def _say_bill(self, invoice: Thing) -> tuple[str, str]:
        full = self._client.get(f"/v1/invoices/{invoice['invoice_id']}")
        many = write_quantity(full["lines"][0]["quantity"])
        how = f"paid on {full['paid_on']}" if full["paid_on"] else full["status"]
        total = Money(full["total"], full["currency"])
        return full["issued_on"], f"billed: {many} by {full['number']}, {total}, {how}"

    def _list_exceptions(self, order: Thing) -> list[Thing]:
        return list(self._client.list("/v1/order-exceptions", order_id=order["order_id"]))

    def _write_count(self) -> Page:
        [found] = self._client.list("/v1/counts")
        count = self._client.get(f"/v1/counts/{found['count_id']}")
        title = f"A blind count, {count['number']}, posted on {count['posted_on']}"
        return title, as_page(write_count(count, self._names))

    def _tabulate_months(self) -> Page:
        figures = (">began with", ">came", ">went", ">should be", ">variance", ">on hand", ">value")
        table = new_table("month", *figures, "hash")
        for row in sum_months(self._reports, self._lines):
            table.add_row(*row)
        return "What was in stock at the end of each month, as frozen", table

    def _tabulate_levels(self) -> Page:
        table = new_table("sku", "", ">available", ">ordered anew at", ">then")
        for one in self._client.list("/v1/reorder-levels", is_reached=True):
            then = one["order_quantity"]
            figures = (
                one["available"],
                one["reorder_at"],
                "to be agreed" if then is None else then,
            )
            table.add_row(one["sku"], one["name"], *figures)
        return "To be ordered anew", table

    def _write_papers(self) -> Iterator[str]:
        """Those left with the first half of the late order, and the inventory of the count's month."""
        left = []
        order_id = self._orders[trading.LATE]["order_id"]
        for one in list(self._client.list(f"/v1/orders/{order_id}/shipments"))[:1]:
            left.append((f"{one['number']} pick list.pdf", "what was to be picked"))
            left.append((f"{one['number']}.pdf", f"what went with it, on {one['shipped_on']}"))
        for report in (one for one in self._reports if one["month"] == COUNTED_IN):
            name = f"inventory {report['month']}.pdf"
            content = self._client.send("GET", f"{_path(report)}/report.pdf").body
            (self._papers / name).write_bytes(content)
            left.append((name, f"what was in stock on {report['until_on']}"))
        return write_papers(left, str(self._papers))

    def _name(self, order: Thing) -> str:
        return str(self._accounts[order["account_id"]]["name"])


def _path(report: Thing) -> str:
    return f"/v1/inventory-reports/{report['inventory_report_id']}"


def _as_billed(line: Thing) -> Thing:
    """A credit note's line bills no days."""
    return {"service_from": None, "service_until": None, **line}


def _say_settled(exception: Thing, names: Mapping[str, str]) -> tuple[str, str]:
    about = f"settled: {exception['about_number']} was voided, and stays so"
    why = f"{exception['settle_reason']} ({names[exception['settled_by']]})"
    return exception["settled_at"][:10], f"{about}: {why}"
