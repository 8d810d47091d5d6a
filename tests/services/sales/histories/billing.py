"""Billing, as sales knows it: it bills what it hears of, takes back, and tells of it in no order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from chassis.wire.envelopes import Envelope
from kernel.ids import new_id

Facts = dict[str, Any]
GROSS = 1080
"""Of one of each product, net of the discount, with tax."""
HEARD = ("shipment_sent", "order_bill_asked", "deposit_asked", "return_accepted")


@dataclass
class Invoice:
    """An invoice; `lines` are quantities by order line, `credits` the notes that stand."""

    invoice_id: str
    order_id: str
    account_id: str
    shipment_id: str | None
    lines: dict[str, Decimal]
    total: int
    version: int = 1
    is_void: bool = False
    is_paid: bool = False
    credits: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    def left(self, line_id: str) -> Decimal:
        """What of a line is billed and not credited."""
        taken = sum((note.get(line_id, Decimal(0)) for note in self.credits.values()), Decimal(0))
        return Decimal(0) if self.is_void else self.lines.get(line_id, Decimal(0)) - taken


@dataclass
class Billing:
    """What it was asked and has not answered; `told` is what nobody has heard for the last time; `bills`
    are the invoices of what it was asked to bill."""

    asked: list[tuple[str, Facts]] = field(default_factory=list)
    told: list[tuple[str, Facts]] = field(default_factory=list)
    heard_once: set[int] = field(default_factory=set)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    notes: dict[str, Facts] = field(default_factory=dict)
    bills: dict[str, str] = field(default_factory=dict)
    shipped: dict[str, Facts] = field(default_factory=dict)
    refused: dict[tuple[str, int], Facts] = field(default_factory=dict)
    balances: dict[str, Facts] = field(default_factory=dict)

    def hear(self, event: Envelope) -> None:
        if event.name == "shipment_sent":
            self.shipped[event.data["shipment_id"]] = event.data
            if event.data["bills_on"] != "shipment":
                return
        if event.name in HEARD:
            self.asked.append((event.name, event.data))

    def take(self, which: int) -> tuple[str, Facts] | None:
        """One of the things that it tells, now or now and later again; none, if there is none."""
        if not self.told:
            return None
        place = which % len(self.told)
        one = self.told[place]
        if which % 3 == 0 and id(one[1]) not in self.heard_once:
            self.heard_once.add(id(one[1]))
        else:
            self.told.pop(place)
        return one

    def answer(self, which: int, *, is_willing: bool) -> None:
        name, told = self.asked.pop(which % len(self.asked))
        getattr(self, f"_{name}")(told, is_willing)

    def pay(self, invoice: Invoice, *, is_paid: bool) -> None:
        invoice.is_paid = is_paid
        invoice.version += 1
        names = {"account_id": invoice.account_id, "invoice_id": invoice.invoice_id}
        self._owe(invoice.account_id, -invoice.total if is_paid else invoice.total)
        name = "invoice_paid" if is_paid else "invoice_reopened"
        self._tell(name, **names, version=invoice.version)

    def void(self, invoice: Invoice) -> None:
        invoice.is_void = True
        self._owe(invoice.account_id, -invoice.total)
        names = {"account_id": invoice.account_id, "invoice_id": invoice.invoice_id}
        self._tell("invoice_voided", **names)

    def void_note(self, note_id: str) -> None:
        note = self.notes.pop(note_id)
        for invoice in self.invoices.values():
            invoice.credits.pop(note_id, None)
        self._owe(note["account_id"], note["total"])
        self._tell("credit_note_voided", **note)

    def credit_by_hand(self, told: Facts) -> bool:
        """Credit a part of a return that it could not credit; whether it can by now."""
        is_credited = self._credit(told) is not None
        if is_credited:
            self.refused.pop((told["return_id"], told["part"]), None)
        return is_credited

    def _shipment_sent(self, told: Facts, _: bool) -> None:
        priced = [line for line in told["lines"] if line["unit_price"]]
        if priced:
            lines = {line["line_id"]: Decimal(line["quantity"]) for line in priced}
            total = int(sum(lines.values()) * GROSS)
            self._bill(told, lines, shipment_id=told["shipment_id"], total=total)

    def _order_bill_asked(self, told: Facts, is_willing: bool) -> None:
        names = {name: told[name] for name in ("account_id", "order_id", "bill_id")}
        lines = {line["line_id"]: Decimal(line["quantity"]) for line in told["lines"]}
        if told["shipment_id"] is not None:
            lines = self._goods_again(told["shipment_id"])
        if not is_willing or not lines:
            self._tell("order_bill_refused", **names, code="no", reason="It is not possible.")
            return
        total = int(sum(lines.values()) * GROSS)
        invoice = self._bill(told, lines, shipment_id=told["shipment_id"], total=total)
        facts = {"invoice_id": invoice.invoice_id, "invoice_number": "INV-1", "total": total}
        self.bills[told["bill_id"]] = invoice.invoice_id
        self._tell("order_billed", **names, **facts)

    def _deposit_asked(self, told: Facts, is_willing: bool) -> None:
        names = {name: told[name] for name in ("account_id", "order_id", "deposit_id")}
        if not is_willing:
            self._tell("deposit_refused", **names, code="no", reason="It is not possible.")
            return
        net = sum(rate["net"] for rate in told["ordered"])
        total = int(net * Decimal("1.2") * Decimal(told["percent"]) / 100)
        invoice = self._bill(told, {}, shipment_id=None, total=total)
        facts = {"invoice_id": invoice.invoice_id, "invoice_number": "INV-1", "total": total}
        self._tell("deposit_billed", **names, **facts)

    def _return_accepted(self, told: Facts, is_willing: bool) -> None:
        names = {name: told[name] for name in ("account_id", "return_id", "part")}
        notes = self._credit(told) if is_willing else None
        if notes is None:
            self.refused[told["return_id"], told["part"]] = told
            self._tell("return_refused", **names, code="no", reason="It is not billed.")
        else:
            self._tell("return_settled", **names, credit_note_ids=notes)

    def _bill(
        self, told: Facts, lines: dict[str, Decimal], *, shipment_id: str | None, total: int
    ) -> Invoice:
        names = {"order_id": told["order_id"], "account_id": told["account_id"]}
        invoice = Invoice(new_id("inv"), **names, shipment_id=shipment_id, lines=lines, total=total)
        self.invoices[invoice.invoice_id] = invoice
        facts = {"invoice_id": invoice.invoice_id, "number": "INV-1", "currency": "EUR"}
        said = [
            {"order_line_id": line_id, "position": place, "quantity": str(quantity)}
            for place, (line_id, quantity) in enumerate(lines.items(), start=1)
        ]
        self._tell(
            "invoice_issued",
            **names,
            **facts,
            shipment_id=shipment_id,
            total=total,
            lines=said,
            account_balance=self._owe(told["account_id"], total, is_told=False),
        )
        return invoice

    def _goods_again(self, shipment_id: str) -> dict[str, Decimal]:
        """What of a shipment is to be billed again: less what is billed, and what came back and could not
        be credited."""
        told = self.shipped[shipment_id]
        again: dict[str, Decimal] = {}
        for line in told["lines"]:
            line_id = line["line_id"]
            sent = self._sum(
                each["quantity"]
                for one in self.shipped.values()
                for each in one["lines"]
                if each["line_id"] == line_id
            )
            billed = self._sum(one.left(line_id) for one in self.invoices.values())
            back = self._sum(
                each["quantity"]
                for one in self.refused.values()
                for each in one["lines"]
                if each["line_id"] == line_id
            )
            left = sent - back - billed - self._waiting(line_id)
            if line["unit_price"] and left > 0:
                again[line_id] = min(Decimal(line["quantity"]), left)
        return again

    def _waiting(self, line_id: str) -> Decimal:
        """What of a line it will bill with shipments that it has not dealt with."""
        return self._sum(
            line["quantity"]
            for name, told in self.asked
            if name == "shipment_sent"
            for line in told["lines"]
            if line["line_id"] == line_id
        )

    def _credit(self, told: Facts) -> list[str] | None:
        """The notes that credit a part of a return; none where not all of it is billed."""
        shares: dict[str, dict[str, Decimal]] = {}
        free = [line for line in told["lines"] if line["unsold"] is not None]
        for line in told["lines"]:
            if line["unsold"] is not None:
                continue
            wanted = Decimal(line["quantity"])
            for invoice in self.invoices.values():
                part = min(wanted, invoice.left(line["line_id"]))
                if part > 0:
                    shares.setdefault(invoice.invoice_id, {})[line["line_id"]] = part
                    wanted -= part
            if wanted:
                return None
        notes = [self._note(told, self.invoices[key], share) for key, share in shares.items()]
        return notes + ([self._note(told, None, {})] if free else [])

    def _note(self, told: Facts, invoice: Invoice | None, share: dict[str, Decimal]) -> str:
        note_id = new_id("crn")
        total = int(sum(share.values()) * GROSS)
        facts = {"account_id": told["account_id"], "credit_note_id": note_id, "number": "CRN-1"}
        facts |= {"currency": "EUR", "total": total}
        facts |= {"order_id": invoice and invoice.order_id}
        facts |= {"return_id": told["return_id"], "return_part": told["part"]}
        self.notes[note_id] = facts
        lines = []
        if invoice is not None:
            invoice.credits[note_id] = share
            places = {line_id: place for place, line_id in enumerate(invoice.lines, start=1)}
            lines = [
                {
                    "order_line_id": line_id,
                    "invoice_position": places[line_id],
                    "quantity": str(quantity),
                }
                for line_id, quantity in share.items()
            ]
        self._owe(told["account_id"], -total)
        invoice_id = invoice and invoice.invoice_id
        self._tell("credit_note_issued", **facts, invoice_id=invoice_id, lines=lines)
        return note_id

    def _owe(self, account_id: str, amount: int, *, is_told: bool = True) -> Facts:
        """The account's balance after it owes so much more."""
        before = self.balances.get(account_id, {"version": 0, "balance": 0})
        balance = before["balance"] + amount
        after = {"version": before["version"] + 1, "balance": balance}
        after |= {"open": max(balance, 0), "unapplied": max(-balance, 0)}
        self.balances[account_id] = after
        if is_told:
            self._tell("balance_changed", account_id=account_id, currency="EUR", **after)
        return after

    def _tell(self, name: str, **facts: Any) -> None:
        self.told.append((name, {"items": [], **facts}))

    @staticmethod
    def _sum(quantities: Iterable[Any] | Sequence[Any]) -> Decimal:
        return sum((Decimal(one) for one in quantities), Decimal(0))
