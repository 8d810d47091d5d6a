"""The credit check when an order is confirmed, alone and against a second order at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.sales.accounts.usecases import keep_credit_holds
from services.sales.confirming.usecases import confirm_order
from services.sales.orders.queries import get_standing
from services.sales.products.usecases import reinstate_product, retire_product
from services.sales.standings import queries as standings
from services.sales.standings import schemas

pytestmark = pytest.mark.server


def gross(shop: Any, amount: int) -> dict[str, Any]:
    """A line of this gross amount."""
    return shop.line(shop.offer(unit_price=amount, tax_percent=0))


def refusal(shop: Any, order: Any) -> Conflict:
    with pytest.raises(Conflict) as refused:
        shop.confirm(order)
    assert order.status == "draft"
    return refused.value


def test_an_account_that_is_not_active_can_draft_but_not_confirm(shop: Any) -> None:
    order = shop.draft(shop.open_account(status="onboarding"))
    assert refusal(shop, order).code == "account_not_active"


def test_a_credit_hold_stops_orders_until_it_is_lifted(session: Session, shop: Any) -> None:
    account_id = shop.open_account()
    order = shop.draft(account_id)
    shop.hold(account_id, version=1)
    assert refusal(shop, order).code == "credit_hold"
    lifted = {"account_id": account_id, "version": 2, "reason": "paid", "is_placed": False}
    keep_credit_holds(session, [lifted])
    assert shop.confirm(order).status == "confirmed"


def test_what_was_retired_since_it_was_drafted_is_not_sold(session: Session, shop: Any) -> None:
    chair, stool = shop.offer(sku="CHAIR"), shop.offer(sku="STOOL")
    order = shop.draft(shop.open_account(), shop.line(chair), shop.line(stool), shop.line(chair))
    retire_product(session, product_id=chair.product_id)
    refused = refusal(shop, order)
    assert (refused.code, refused.facts["skus"]) == ("product_retired", ["CHAIR"])
    reinstate_product(session, product_id=chair.product_id)
    assert shop.confirm(order).status == "confirmed"
    retire_product(session, product_id=chair.product_id)
    assert order.status == "confirmed", "what is agreed stays"


def test_a_product_is_retired_or_sold_at_one_moment_but_not_sold_after_it_is_retired(
    engine: Engine, shop_in: Callable[[Session], Any], waits_or_ends: Callable[[Any], None]
) -> None:
    with Session(engine) as session, session.begin():
        shop = shop_in(session)
        product_id = shop.offer().product_id
        account_id = shop.open_account()
        lines = {"product_id": product_id, "quantity": Decimal(1), "discount_percent": Decimal(0)}
        order_id = shop.draft(account_id, lines).order_id

    def confirm() -> str:
        with Session(engine) as session, session.begin():
            try:
                return shop_in(session).confirm_id(order_id).status
            except Conflict as refused:
                return refused.code

    with ThreadPoolExecutor(1) as pool, Session(engine) as session:
        with session.begin():
            retire_product(session, product_id=product_id)
            confirmed = pool.submit(confirm)
            waits_or_ends(confirmed)
        assert confirmed.result() == "product_retired"


def test_confirmed_orders_and_the_balance_count_against_the_limit(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    shop.owe(account_id, 300)
    shop.confirm(shop.draft(account_id, gross(shop, 500)))
    shop.draft(account_id, gross(shop, 900))  # a draft counts for nothing

    refused = refusal(shop, shop.draft(account_id, gross(shop, 201)))
    assert refused.code == "credit_limit_exceeded"
    assert (refused.facts["balance"], refused.facts["open_orders"]) == (300, 500)

    assert shop.confirm(shop.draft(account_id, gross(shop, 200))).status == "confirmed"


def test_cancelling_gives_credit_back(session: Session, shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    shop.cancel(shop.confirm(shop.draft(account_id, gross(shop, 1000))))
    assert get_standing(session, account_id=account_id, currency=None).available == 1000


def test_without_a_limit_there_is_none(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=None)
    assert shop.confirm(shop.draft(account_id, gross(shop, 10**12))).status == "confirmed"


def test_in_another_currency_only_what_is_paid_for_can_be_ordered(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    order = shop.draft(account_id, gross(shop, 400) | {"unit_price": 400}, currency="USD")
    assert refusal(shop, order).code == "credit_limit_exceeded"
    shop.owe(account_id, -400, currency="USD")
    assert shop.confirm(order).status == "confirmed"
    assert get_standing(shop.session, account_id=account_id, currency=None).open_orders == 0


def test_the_standing_shows_what_the_check_sees(session: Session, shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    shop.owe(account_id, 300)
    shop.confirm(shop.draft(account_id, gross(shop, 500)))
    shop.hold(account_id)
    today = shop.today
    standing = standings.get_standing(session, account_id=account_id, currency=None, today=today)
    assert schemas.Standing().dump(standing) == {
        "account_id": account_id,
        "number": "A-1",
        "status": "active",
        "has_credit_hold": True,
        "hold_reason": "level 3 reminder",
        "currency": "EUR",
        "credit_limit": 1000,
        "open": 300,
        "unapplied": 0,
        "balance": 300,
        "open_orders": 500,
        "exposure": 800,
        "available": 200,
        "counts_drafts": False,
        "drafts": 0,
        "overdue": 0,
        "overdue_limit": None,
        "overdue_days": 0,
        "group": None,
    }


def test_of_orders_confirmed_at_once_only_those_within_the_limit_pass(
    engine: Engine, shop_in: Callable[[Session], Any]
) -> None:
    """Eight orders, credit for three: whatever the interleaving, three are confirmed."""
    with Session(engine) as session, session.begin():
        shop = shop_in(session)
        account_id = shop.open_account(credit_limit=3 * 600 + 599)
        line = gross(shop, 600)
        orders = [shop.draft(account_id, line).order_id for _ in range(8)]
    start = threading.Barrier(len(orders))

    def confirm(order_id: str) -> str:
        with Session(engine) as session, session.begin():
            start.wait(timeout=30)
            try:
                confirm_order(session, order_id=order_id, today=shop.today, now=shop.now, by="kim")
            except Conflict as refused:
                return refused.code
        return "confirmed"

    with ThreadPoolExecutor(len(orders)) as pool:
        outcomes = sorted(pool.map(confirm, orders))
    assert outcomes == ["confirmed"] * 3 + ["credit_limit_exceeded"] * 5
    with Session(engine) as session:
        assert get_standing(session, account_id=account_id, currency=None).open_orders == 1800
