"""Sales agrees to a closing where all is shipped and invoiced, and confirms nothing from then on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict, Refusal
from services.sales.accounts.usecases import keep_accounts
from services.sales.closings.usecases import answer_closing
from services.sales.dispatches.usecases import send_shipment
from services.sales.invoices.usecases import record_invoices, record_voids

pytestmark = pytest.mark.server

KNOWN = {"number": "A-1", "currency": "EUR", "credit_limit": None}
ANSWERS = ("account_closing_agreed", "account_closing_objected")


def ask(shop: Any, account_id: str, version: int = 2) -> dict[str, Any] | None:
    """What sales answers, if anything; afterwards the closing is refused."""
    answer_closing(shop.session, account_id=account_id, version=version, status="closing", **KNOWN)
    answers = [
        data for event, data, _ in shop.session.info.pop("announced", []) if event.name in ANSWERS
    ]
    newer = {"account_id": account_id, "version": version + 1, "status": "active", **KNOWN}
    keep_accounts(shop.session, [newer])
    shop.session.expire_all()
    return answers[0] if answers else None


def send(shop: Any, order: Any, lines: list[dict[str, Any]] | None = None) -> Any:
    return send_shipment(
        shop.session,
        order_id=order.order_id,
        lines=lines,
        shipped_on=None,
        today=shop.today,
        now=shop.now,
        by="kim",
    )


def invoice(shop: Any, shipment: Any) -> str:
    invoice_id = new_id("inv")
    told = {
        "account_id": shipment.account_id,
        "invoice_id": invoice_id,
        "order_id": shipment.order_id,
        "shipment_id": shipment.shipment_id,
        "currency": "EUR",
        "total": shipment.total_gross,
        "taken_off": 0,
        "lines": [],
        "account_balance": None,
    }
    record_invoices(shop.session, [told], today=shop.today, now=shop.now)
    return invoice_id


def test_an_account_may_be_closed_when_all_that_was_ordered_is_shipped_and_invoiced(
    shop: Any,
) -> None:
    account_id = shop.open_account()
    shop.draft(account_id)  # binds nobody
    shop.cancel(shop.confirm(shop.draft(account_id)))
    order = shop.confirm(shop.draft(account_id))
    answer = ask(shop, account_id)
    assert answer is not None
    assert (answer["code"], answer["orders"]) == ("orders_open", [order.number])
    shipment = send(shop, order)
    answer = ask(shop, account_id, version=4)
    assert answer is not None
    assert (answer["code"], answer["orders"]) == ("goods_not_invoiced", [order.number])
    invoice(shop, shipment)
    assert ask(shop, account_id, version=6) == {
        "account_id": account_id,
        "account_version": 6,
        "answered_by": "sales",
        "reason": "All that was ordered is shipped and invoiced.",
    }


def test_an_order_shipped_in_part_is_in_the_way_until_the_rest_is_cancelled(shop: Any) -> None:
    account_id = shop.open_account()
    line = shop.line(shop.offer(), "2")
    order = shop.confirm(shop.draft(account_id, line))
    half = [{"line_id": order.lines[0].line_id, "quantity": Decimal(1)}]
    invoice(shop, send(shop, order, half))
    answer = ask(shop, account_id)
    assert answer is not None and answer["code"] == "orders_open"
    shop.cancel(order)
    answer = ask(shop, account_id, version=4)
    assert answer is not None and "code" not in answer


def test_a_voided_invoice_is_not_in_the_way_for_ever(shop: Any) -> None:
    account_id = shop.open_account()
    order = shop.confirm(shop.draft(account_id))
    invoice_id = invoice(shop, send(shop, order))
    told = {"account_id": account_id, "invoice_id": invoice_id}
    record_voids(shop.session, [told], today=shop.today, now=shop.now)
    answer = ask(shop, account_id)
    assert answer is not None and "code" not in answer


def test_goods_given_away_are_not_waited_for(shop: Any) -> None:
    account_id = shop.open_account()
    gift = shop.line(shop.offer(unit_price=0))
    send(shop, shop.confirm(shop.draft(account_id, gift)))
    answer = ask(shop, account_id)
    assert answer is not None and "code" not in answer


def test_a_closing_that_is_over_is_not_answered(shop: Any) -> None:
    account_id = shop.open_account(version=3)
    assert ask(shop, account_id, version=2) is None


def test_a_closing_that_comes_before_its_account_is_answered(shop: Any) -> None:
    answer = ask(shop, new_id("acc"))
    assert answer is not None and "code" not in answer


def test_while_an_account_is_closing_no_order_is_confirmed(shop: Any) -> None:
    account_id = shop.open_account()
    order = shop.draft(account_id)
    answer_closing(shop.session, account_id=account_id, version=2, status="closing", **KNOWN)
    with pytest.raises(Conflict) as refused:
        shop.confirm(order)
    assert (refused.value.code, refused.value.facts["state"]) == ("account_not_active", "closing")


Act = Callable[[Any, str, str], str]


def confirm(shop: Any, account_id: str, order_id: str) -> str:
    shop.confirm_id(order_id)
    return "confirmed"


def close(shop: Any, account_id: str, order_id: str) -> str:
    answer_closing(shop.session, account_id=account_id, version=2, status="closing", **KNOWN)
    [name] = {event.name for event, *_ in shop.session.info["announced"]} & set(ANSWERS)
    return name


@pytest.mark.parametrize(
    ("first", "second", "came_of_it"),
    [
        (confirm, close, ("confirmed", "account_closing_objected")),
        (close, confirm, ("account_closing_agreed", "account_not_active")),
    ],
)
def test_an_order_is_confirmed_or_its_account_agreed_to_close_but_not_both(
    engine: Engine,
    shop_in: Callable[[Session], Any],
    waits_or_ends: Callable[[Any], None],
    first: Act,
    second: Act,
    came_of_it: tuple[str, str],
) -> None:
    def do(act: Act) -> str:
        with Session(engine) as session, session.begin():
            try:
                return act(shop_in(session), account_id, order_id)
            except Refusal as refusal:
                return refusal.code

    with Session(engine) as session, session.begin():
        shop = shop_in(session)
        account_id = shop.open_account()
        order_id = shop.draft(account_id).order_id
    with ThreadPoolExecutor(1) as pool, Session(engine) as session:
        with session.begin():
            one = first(shop_in(session), account_id, order_id)
            other = pool.submit(do, second)
            waits_or_ends(other)
        assert (one, other.result()) == came_of_it
