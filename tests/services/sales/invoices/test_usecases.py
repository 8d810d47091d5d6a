"""What is shipped and not invoiced, whatever order billing's events come in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.sales.accounts.rules import Standing
from services.sales.accounts.usecases import keep_balances
from services.sales.dispatches.usecases import send_shipment
from services.sales.invoices.usecases import (
    record_credit_voids,
    record_credits,
    record_invoices,
    record_voids,
)
from services.sales.orders.models import Order
from services.sales.orders.queries import get_standing
from tests.services.sales.dispatches.test_usecases import counted

pytestmark = pytest.mark.server


def confirmed(shop: Any, quantity: str) -> Any:
    """An order of this many at 10.00 without tax."""
    line = shop.line(shop.offer(unit_price=1000, tax_percent=0), quantity)
    return shop.confirm(shop.draft(shop.open_account(credit_limit=100_000), line))


def send(shop: Any, order: Any, quantity: int) -> str:
    [line] = order.lines
    return send_shipment(
        shop.session,
        order_id=order.order_id,
        lines=[{"line_id": line.line_id, "quantity": Decimal(quantity)}],
        shipped_on=None,
        today=shop.today,
        now=shop.now,
        by="kim",
    ).shipment_id


def invoice(
    shop: Any,
    order_id: str | None,
    shipment_id: str | None,
    total: int,
    currency: str = "EUR",
    *,
    account_id: str | None = None,
    account_balance: dict[str, int] | None = None,
    taken_off: int = 0,
    shipments: Sequence[str] = (),
    **facts: str,
) -> str:
    invoice_id = facts.get("invoice_id") or new_id("inv")
    told = {
        "account_id": account_id or owner_of(shop, order_id),
        "for_account_id": facts.get("for_account_id"),
        "account_balance": account_balance,
        "invoice_id": invoice_id,
        "order_id": order_id,
        "shipment_id": shipment_id,
        "currency": currency,
        "total": total,
        "taken_off": taken_off,
        "lines": [{"shipment_id": one, "order_line_id": None} for one in (None, *shipments)],
    }
    record_invoices(shop.session, [told], today=shop.today, now=shop.now)
    return invoice_id


def void(shop: Any, order: Any, invoice_id: str) -> None:
    told = {"account_id": order.account_id, "invoice_id": invoice_id}
    record_voids(shop.session, [told], today=shop.today, now=shop.now)


def owner_of(shop: Any, order_id: str | None) -> str:
    """The order's account, or anybody's."""
    order = shop.session.get(Order, order_id) if order_id else None
    return order.account_id if order else new_id("acc")


def take_back(shop: Any, order: Any, amount: int, **facts: Any) -> None:
    """A credit note took back what was billed ahead."""
    credit = {"account_id": order.account_id, "order_id": order.order_id, "currency": "EUR"} | facts
    told = {"credit_note_id": new_id("crn"), "taken_back": amount, "invoice_id": None, "lines": []}
    told["return_id"] = None
    record_credits(shop.session, [told | credit], today=shop.today, now=shop.now)


@pytest.mark.parametrize("is_void_first", [True, False])
def test_a_void_credit_note_takes_nothing_back(shop: Any, is_void_first: bool) -> None:
    order = confirmed(shop, "5")
    invoice(shop, order.order_id, None, 2000)
    names = {"account_id": order.account_id, "order_id": order.order_id, "currency": "EUR"}
    names["credit_note_id"] = new_id("crn")
    tell = [
        lambda: take_back(shop, order, 700, **names),
        lambda: record_credit_voids(shop.session, [names], today=shop.today, now=shop.now),
    ]
    for told in reversed(tell) if is_void_first else tell:
        told()
    assert open_orders(shop, order) == 3000


def standing_of(shop: Any, order: Any) -> Standing:
    shop.session.expire_all()
    return get_standing(shop.session, account_id=order.account_id, currency=None)


def open_orders(shop: Any, order: Any) -> int:
    return standing_of(shop, order).open_orders


def test_an_invoiced_shipment_counts_in_the_balance_only(shop: Any) -> None:
    order = confirmed(shop, "5")
    shipment_id = send(shop, order, 2)
    invoice(shop, order.order_id, shipment_id, 2000)
    assert open_orders(shop, order) == 3000


@pytest.mark.parametrize("is_void_first", [True, False])
def test_what_one_invoice_bills_of_several_shipments_counts_in_the_balance_until_it_is_void(
    shop: Any, is_void_first: bool
) -> None:
    order = confirmed(shop, "9")
    shipments = [send(shop, order, quantity) for quantity in (2, 3, 4)]
    names: dict[str, Any] = {"account_id": order.account_id, "invoice_id": new_id("inv")}

    def bill() -> None:
        invoice(shop, None, None, 5000, shipments=shipments[:2], **names)

    if is_void_first:
        void(shop, order, names["invoice_id"])
    bill()
    bill()
    assert open_orders(shop, order) == (9000 if is_void_first else 4000)
    void(shop, order, names["invoice_id"])
    assert open_orders(shop, order) == 9000
    invoice(shop, None, None, 9000, shipments=shipments, account_id=order.account_id)
    assert open_orders(shop, order) == 0


@pytest.mark.parametrize("is_balance_first", [True, False])
def test_the_exposure_is_never_too_low_while_an_invoice_becomes_known(
    session: Session, shop: Any, is_balance_first: bool
) -> None:
    order = confirmed(shop, "2")
    shipment_id = send(shop, order, 2)
    told = {"version": 1, "open": 2000, "unapplied": 0, "balance": 2000}
    keys = {"account_id": order.account_id, "currency": "EUR"}
    if is_balance_first:
        keep_balances(session, [{**keys, **told}])
        assert standing_of(shop, order).exposure == 4000, "counted twice until the invoice is known"
    invoice(
        shop,
        order.order_id,
        shipment_id,
        2000,
        account_id=order.account_id,
        account_balance=told,
    )
    assert standing_of(shop, order).exposure == 2000
    keep_balances(session, [{**keys, **told}])
    assert standing_of(shop, order).exposure == 2000


@pytest.mark.parametrize("total", [1999, 2001, 1500])
def test_an_invoiced_shipment_leaves_nothing_behind_whatever_its_total(
    shop: Any, total: int
) -> None:
    order = confirmed(shop, "2")
    invoice(shop, order.order_id, send(shop, order, 2), total)
    assert open_orders(shop, order) == 0


def test_what_a_void_invoice_was_for_is_to_be_invoiced_again(session: Session, shop: Any) -> None:
    order = confirmed(shop, "2")
    shipment_id = send(shop, order, 2)
    void(shop, order, invoice(shop, order.order_id, shipment_id, 2000))
    assert open_orders(shop, order) == 2000
    invoice(shop, order.order_id, shipment_id, 2000)
    assert open_orders(shop, order) == 0


def test_an_invoice_ahead_of_shipping_counts_until_the_goods_are_sent(shop: Any) -> None:
    order = confirmed(shop, "5")
    invoice(shop, order.order_id, None, 4000)
    assert open_orders(shop, order) == 1000
    send(shop, order, 5)
    assert open_orders(shop, order) == 1000


def test_what_is_taken_off_a_shipments_invoice_is_ahead_no_longer(
    session: Session, shop: Any
) -> None:
    order = confirmed(shop, "5")
    invoice(shop, order.order_id, None, 4000)
    shipment_id = send(shop, order, 3)
    shipped = invoice(shop, order.order_id, shipment_id, 0, taken_off=3000)
    assert open_orders(shop, order) == 1000
    void(shop, order, shipped)
    assert open_orders(shop, order) == 1000, "what was shipped is covered by what is ahead again"
    invoice(shop, order.order_id, send(shop, order, 2), 0, taken_off=2000)
    assert open_orders(shop, order) == 1000


def test_what_a_credit_note_took_back_is_ahead_no_longer(shop: Any) -> None:
    order = confirmed(shop, "5")
    invoice(shop, order.order_id, None, 4000)
    take_back(shop, order, 1500)
    assert open_orders(shop, order) == 2500
    take_back(shop, order, 0)
    take_back(shop, order, 500, order_id=None)
    assert open_orders(shop, order) == 2500


def test_a_credit_note_heard_of_twice_counts_once(session: Session, shop: Any) -> None:
    order = confirmed(shop, "5")
    invoice(shop, order.order_id, None, 4000)
    credit = {"account_id": order.account_id, "order_id": order.order_id, "currency": "EUR"}
    told = {
        "credit_note_id": "crn_1",
        "taken_back": 1500,
        "invoice_id": None,
        "return_id": None,
        "lines": [],
        **credit,
    }
    for _ in range(2):
        record_credits(session, [told, told], today=shop.today, now=shop.now)
    assert open_orders(shop, order) == 2500


def test_anothers_invoice_or_credit_note_says_nothing_of_an_order(shop: Any) -> None:
    order = confirmed(shop, "5")
    other = shop.open_account()
    shipment_id = send(shop, order, 2)
    invoice(shop, order.order_id, None, 4000, account_id=other)
    invoice(shop, order.order_id, shipment_id, 2000, account_id=other)
    take_back(shop, order, 1000, account_id=other)
    assert open_orders(shop, order) == 5000


def test_what_a_payer_is_billed_for_an_order_counts_for_it(shop: Any) -> None:
    order = confirmed(shop, "9")
    payer = {"account_id": shop.open_account(), "for_account_id": order.account_id}
    shipments = [send(shop, order, quantity) for quantity in (2, 3, 4)]
    invoice(shop, order.order_id, shipments[0], 2000, **payer)
    assert open_orders(shop, order) == 7000
    invoice(shop, None, None, 3000, shipments=[shipments[1]], account_id=payer["account_id"])
    assert open_orders(shop, order) == 4000
    invoice(shop, order.order_id, None, 1000, **payer)
    assert open_orders(shop, order) == 3000
    take_back(shop, order, 400, **payer)
    assert open_orders(shop, order) == 3400


def test_one_order_invoiced_too_much_does_not_pay_for_another(shop: Any) -> None:
    order = confirmed(shop, "1")
    invoice(shop, order.order_id, None, 9000)
    other = shop.line(shop.offer(unit_price=700, tax_percent=0))
    shop.confirm(shop.draft(order.account_id, other))
    assert open_orders(shop, order) == 700


def test_invoices_of_no_order_or_another_currency_change_nothing(shop: Any) -> None:
    order = confirmed(shop, "1")
    invoice(shop, None, None, 1000)
    invoice(shop, order.order_id, None, 1000, "USD")
    invoice(shop, new_id("ord"), new_id("shp"), 1000)
    assert open_orders(shop, order) == 1000


def test_an_invoice_is_not_a_new_version_of_the_order(session: Session, shop: Any) -> None:
    order = confirmed(shop, "2")
    shipment_id = send(shop, order, 2)
    version = order.version
    invoice(shop, order.order_id, shipment_id, 2000)
    session.expire_all()
    assert order.version == version


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["issued", "void"]), min_size=1, max_size=5))
def test_issue_and_void_in_any_order_and_number_come_to_the_same(
    session: Session, shop: Any, events: list[str]
) -> None:
    order = confirmed(shop, "2")
    invoice_of = {
        "account_id": order.account_id,
        "account_balance": None,
        "invoice_id": new_id("inv"),
        "order_id": order.order_id,
        "shipment_id": send(shop, order, 2),
        "currency": "EUR",
        "total": 2000,
        "taken_off": 0,
        "lines": [],
    }
    for event in events:
        if event == "issued":
            record_invoices(session, [invoice_of], today=shop.today, now=shop.now)
        else:
            void(shop, order, invoice_of["invoice_id"])
    assert open_orders(shop, order) == (2000 if "void" in events else 0)


def test_what_waits_is_recorded_together(session: Session, shop: Any) -> None:
    orders = [confirmed(shop, "5") for _ in range(3)]
    told = [
        {
            "account_id": order.account_id if order else new_id("acc"),
            "account_balance": {"version": 1, "open": 9, "unapplied": 0, "balance": 9},
            "invoice_id": new_id("inv"),
            "order_id": order.order_id if order else None,
            "shipment_id": None,
            "currency": "EUR",
            "total": 1000,
            "taken_off": 0,
            "lines": [],
        }
        for order in [*orders, *orders, *[None] * 30]
    ]
    moment = {"today": shop.today, "now": shop.now}
    void = [{name: one[name] for name in ("account_id", "invoice_id")} for one in told[:3]]
    record_voids(session, void[:2], **moment)
    asked: list[str] = []
    listen(session.connection(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    record_invoices(session, told, **moment)
    assert len([sql for sql in asked if "FOR NO KEY UPDATE" in sql]) == 1
    assert len([sql for sql in asked if "account_balance" in sql]) == 1
    assert len([sql for sql in asked if "INSERT INTO order_invoice" in sql]) == 1
    record_voids(session, void, **moment)
    for order in orders:
        assert open_orders(shop, order) == 4000


def test_the_statements_do_not_grow_with_the_orders(session: Session, shop: Any) -> None:
    def statements(count: int) -> int:
        told, voids = [], []
        for place in range(count):
            line = shop.line(shop.offer(unit_price=1000, tax_percent=0), "2")
            account_id = shop.open_account(credit_limit=100_000)
            bills_on = ("shipment", "order")[place % 2]
            order = shop.confirm(shop.draft(account_id, line, bills_on=bills_on))
            shipment_id = send(shop, order, 2) if place % 2 else None
            same = {"account_id": account_id, "invoice_id": new_id("inv")}
            voids.append(same)
            about = {"order_id": order.order_id, "shipment_id": shipment_id, "currency": "EUR"}
            amounts = {"account_balance": None, "total": 2000, "taken_off": 0, "lines": []}
            told.append(same | about | amounts)
        moment = {"today": shop.today, "now": shop.now}
        record_voids(session, voids[:2], **moment)
        session.flush()
        session.expire_all()
        with counted(session) as sent:
            record_invoices(session, told, **moment)
        return len(sent)

    assert statements(4) == statements(40)
