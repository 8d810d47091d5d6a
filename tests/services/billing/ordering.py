"""Acts of the stateful test: goods are sent, come back, and orders and deposits are billed as asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from kernel.ids import new_id
from kernel.money import round_half_up
from services.billing.credits.models import CreditNote, CreditNoteLine
from services.billing.deposits.models import Deposit
from services.billing.deposits.subscriptions import DepositAsked as OurDepositAsked
from services.billing.deposits.usecases import answer_deposits
from services.billing.invoices.models import Invoice
from services.billing.order_bills.models import OrderBill
from services.billing.order_bills.subscriptions import OrderBillAsked as OurOrderBillAsked
from services.billing.order_bills.usecases import answer_order_bills
from services.billing.returns.models import AcceptedReturn, ReturnedLine
from services.sales.deposits.events import DepositAsked
from services.sales.order_bills.events import OrderBillAsked
from tests.services.billing.giving_back import Nothing

NONE = Decimal(0)


@dataclass
class Ordered:
    """An order of one line, at a price: what was sent of it, asked to be billed, and came back."""

    order_id: str
    bills_on: str
    price: int
    tax: str
    line_id: str = field(default_factory=lambda: new_id("orl"))
    shipments: list[str] = field(default_factory=list)
    sent: Decimal = NONE
    asked: Decimal = NONE
    back: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_back(self) -> Decimal:
        return sum((one["quantity"] for one in self.back), NONE)


class Ordering:
    """Part of the story: what sales tells of orders, some of it twice."""

    books: Any
    session: Any
    account: str
    of: Any
    pick: Any

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[Ordered] = []

    def pick_order(self, which: int, is_meant: Any = lambda _: True) -> Ordered:
        found = [one for one in self.orders if is_meant(one)]
        if not found:
            raise Nothing
        return found[which % len(found)]

    def order(self, which, amount, day):
        """An order that is billed on order or with its shipments."""
        bills_on = ("shipment", "shipment", "order")[which % 3]
        order_id = self.books.order(self.account)
        tax = ("20", "7", "0")[which % 5 % 3]
        self.orders.append(Ordered(order_id, bills_on, 1 + amount, tax))

    def send_goods(self, which, amount, day):
        one = self.pick_order(which)
        quantity = Decimal(1 + amount % 9) / 2
        taxed = self.books.line(one.price, tax=one.tax, quantity=str(quantity))
        goods = taxed | {"order_line_id": one.line_id}
        facts = {"bills_on": one.bills_on}
        one.shipments.append(self.books.ship(self.account, one.order_id, goods, **facts))
        one.sent += quantity

    def ask_bill(self, which, amount, day):
        """Lines of an order that is billed on order are asked to be billed; perhaps twice."""
        one = self.pick_order(which, lambda one: one.bills_on == "order")
        quantity = Decimal(1 + amount % 9) / 2
        taxed = {"unit_price": one.price, "tax_percent": one.tax, "description": "Chair"}
        line = {"line_id": one.line_id, "quantity": str(quantity), **taxed}
        self._ask_bill(one, which, lines=[line])
        one.asked += quantity

    def ask_shipment(self, which, amount, day):
        """A shipment is asked to be billed again; refused, unless its invoice is void."""
        one = self.pick_order(which, lambda one: one.shipments and one.bills_on == "shipment")
        shipment_id = one.shipments[which % len(one.shipments)]
        self._ask_bill(one, which, lines=[], shipment_id=shipment_id)

    def ask_deposit(self, which, amount, day):
        one = self.pick_order(which)
        told = DepositAsked.example | {"account_id": self.account, "order_id": one.order_id}
        told |= {"ordered": [{"tax_percent": one.tax, "tax_code": None, "net": 9 * one.price}]}
        told |= {"deposit_id": new_id("dep"), "percent": str(10 * (1 + amount % 9))}
        for _ in range(1 + which % 2):
            answer_deposits(self.session, [OurDepositAsked().load(told)], **self.books.moment)

    def come_back(self, which, amount, day):
        """Some of what was sent comes back: a new return, or another part of one; perhaps told twice."""
        one = self.pick_order(which, lambda one: one.is_back < one.sent)
        quantity = min(Decimal(1 + amount % 5) / 2, one.sent - one.is_back)
        whole = round_half_up(quantity * one.price)[0]
        told: dict[str, Any] = {"return_id": new_id("ret"), "part": 1}
        if one.back and which % 2:
            last = one.back[-1]
            told = {"return_id": last["return_id"], "part": last["part"] + 1}
        told |= {"quantity": quantity, "kept_back": whole * (which % 4 // 3) // 20}
        for _ in range(1 + which % 3 // 2):
            self._tell_back(one, told)
        one.back.append(told)

    def tell_back(self, which, amount, day):
        """What came back is told of once more."""
        one = self.pick_order(which, lambda one: one.back)
        self._tell_back(one, one.back[which % len(one.back)])

    def _tell_back(self, one: Ordered, told: dict[str, Any]) -> None:
        facts = {name: told[name] for name in ("return_id", "part")}
        line = (one.line_id, told["quantity"], told["kept_back"])
        self.books.come_back(self.account, one.order_id, line, **facts)

    def _ask_bill(self, one: Ordered, which: int, **facts: Any) -> None:
        told = OrderBillAsked.example | {"account_id": self.account, "order_id": one.order_id}
        told |= {"bill_id": new_id("obl")} | facts
        for _ in range(1 + which % 2):
            answer_order_bills(self.session, [OurOrderBillAsked().load(told)], **self.books.moment)

    ACTS = (
        *(order, send_goods, send_goods, ask_bill, ask_shipment),
        *(ask_deposit, come_back, come_back, tell_back),
    )

    def check_ordered(self) -> None:
        """Of each line no more is billed than was sent or asked for and is not back; each part of a
        return is credited once, at the price, discount and tax of then; each deposit and bill is one
        invoice or none."""
        invoices = {one.invoice_id: one for one in self.of(Invoice)}
        notes = {one.credit_note_id: one for one in self.of(CreditNote) if not one.is_void}
        for model in (Deposit, OrderBill):
            billed = Counter(one.invoice_id for one in self.of(model) if one.invoice_id)
            assert all(count == 1 for count in billed.values())
            assert {*billed} <= {*invoices}
        lines = [line for key in notes for line in self.session.scalars(_lines_of(key))]
        for one in self.orders:
            self._check_billed(one, invoices, notes, lines)
            self._check_returns(one, notes, lines)

    def _check_billed(self, one: Ordered, invoices: Any, notes: Any, lines: Any) -> None:
        billed = sum(
            line.quantity
            for invoice in invoices.values()
            if not invoice.is_void
            for line in invoice.lines
            if line.order_line_id == one.line_id
        )
        taken = sum(
            line.quantity
            for line in lines
            if line.order_line_id == one.line_id and not line.is_price_reduction
        )
        refused = {(e.return_id, e.part) for e in self.of(AcceptedReturn) if e.code is not None}
        to_credit = sum(
            each["quantity"] for each in one.back if (each["return_id"], each["part"]) in refused
        )
        bound = one.asked if one.bills_on == "order" else one.sent
        void = self._void_credits(one)
        assert billed - taken <= bound - one.is_back + to_credit + void, "billed twice"

    def _void_credits(self, one: Ordered) -> Decimal:
        """What of a line was credited by notes that are void: it is credited by a person, or not."""
        void = [note for note in self.of(CreditNote) if note.is_void]
        return sum(
            (
                line.quantity
                for note in void
                if note.return_id is not None
                for line in self.session.scalars(_lines_of(note.credit_note_id))
                if line.order_line_id == one.line_id
            ),
            NONE,
        )

    def _check_returns(self, one: Ordered, notes: Any, lines: Any) -> None:
        back = self.session.query(ReturnedLine).filter_by(order_line_id=one.line_id).all()
        assert {(each.return_id, each.part): each.quantity for each in back} == {
            (each["return_id"], each["part"]): each["quantity"] for each in one.back
        }
        credited: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for line in lines:
            note = notes[line.credit_note_id]
            if note.return_id is not None and line.order_line_id == one.line_id:
                credited[note.return_id, note.return_part].append(line)
        is_lowered = any(
            line.is_price_reduction for line in lines if line.order_line_id == one.line_id
        )
        for each in one.back:
            of_it = credited[each["return_id"], each["part"]]
            assert sum(line.quantity for line in of_it) <= each["quantity"]
            for line in of_it:
                assert line.tax_percent == Decimal(one.tax)
                assert line.unit_price == one.price or (is_lowered and line.unit_price < one.price)
                whole = round_half_up(line.quantity * line.unit_price)[0]
                assert abs(line.net - whole) <= 1, "the last part has what rounding left"


def _lines_of(credit_note_id: str) -> Any:
    return select(CreditNoteLine).where(CreditNoteLine.credit_note_id == credit_note_id)
