"""What came of the year's bills, read from the gateway: a monthly run, a part of a month, an order billed
ahead, a debit that bounced; and their papers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dev.demo.bill_pages import write_failure, write_lines, write_papers, write_run
from dev.demo.house import COMPANY
from dev.demo.tables import Page, as_page
from ops.client import Client

_ZONE = ZoneInfo(COMPANY["time_zone"])
Thing = dict[str, Any]


class Bills:
    """Reads what bookkeepers see; leaves the papers of what it shows."""

    def __init__(
        self, client: Client, papers: Path, accounts: dict[str, Thing], invoices: list[Thing]
    ) -> None:
        """Take the gateway, where papers are left, the accounts by id and all invoices."""
        self._client = client
        self._papers = papers
        self._names = {one: account["name"] for one, account in accounts.items()}
        self._invoices = invoices
        self._left: list[tuple[str, str]] = []

    def pages(self) -> Iterator[Page]:
        """Each kind of bill, and last where the papers are."""
        yield from self._write_run()
        yield from self._write_part_month()
        yield from self._write_ahead()
        yield from self._write_failure()
        yield "Bills on paper", as_page(write_papers(self._left, str(self._papers)))

    def _write_run(self) -> Iterator[Page]:
        """The last run, as whoever approves it reads it."""
        for run in list(self._client.list("/v1/billing-runs"))[:1]:
            preview = self._client.get(f"/v1/billing-runs/{run['billing_run_id']}/preview")
            title = (
                f"The monthly bills of {run['invoice_on']}, of what was sent and hired until then"
            )
            yield title, as_page(write_run(run, preview, self._names, _ZONE))

    def _write_part_month(self) -> Iterator[Page]:
        """The first bill that takes days back and bills them again."""
        billed = (self._read(one) for one in reversed(self._invoices) if one["billing_run_id"])
        for invoice in billed:
            if any(line["service_from"] and line["net"] < 0 for line in invoice["lines"]):
                name = self._names[invoice["account_id"]]
                self._leave(invoice, f"the bill of a month to {name}")
                yield (
                    f"A change within a month, billed by its days: {name}",
                    as_page(write_lines(invoice)),
                )
                return

    def _write_ahead(self) -> Iterator[Page]:
        """What was billed ahead of an order, and the first invoice that is more than that part."""
        for summary in reversed(self._invoices):
            if summary["taken_off"] and summary["total"] and summary["status"] != "void":
                last = self._read(summary)
                ahead_id = next(one["advance_id"] for one in last["lines"] if one["advance_id"])
                ahead = self._read({"invoice_id": ahead_id})
                name = self._names[last["account_id"]]
                self._leave(ahead, f"billed ahead to {name}")
                self._leave(last, f"of the same order, less {ahead['number']}")
                lines = [*write_lines(ahead), *write_lines(last)]
                yield f"A machine billed ahead, and the rest: {name}", as_page(lines)
                return

    def _write_failure(self) -> Iterator[Page]:
        """The first debit that bounced, and the fee for it."""
        failed = self._client.list("/v1/debits", status="failed")
        for debit in [one for one in failed if one["fee_invoice_id"]][-1:]:
            fee = self._read({"invoice_id": debit["fee_invoice_id"]})
            name = self._names[debit["account_id"]]
            self._leave(fee, f"the bank's fee, to {name}")
            yield f"A debit that bounced: {name}", as_page(write_failure(debit, fee))

    def _read(self, named: Thing) -> Thing:
        return dict(self._client.get(f"/v1/invoices/{named['invoice_id']}"))

    def _leave(self, invoice: Thing, about: str) -> None:
        """Have its document made, and leave the PDF."""
        made = self._client.post(f"/v1/invoices/{invoice['invoice_id']}/document")
        paper = self._papers / f"{invoice['number']}.pdf"
        path = f"/v1/documents/{made['document_id']}/document.pdf"
        paper.write_bytes(self._client.send("GET", path).body)
        self._left.append((paper.name, about))
