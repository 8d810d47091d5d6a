"""A lowered limit stops what it has no room for, until it fits again or somebody releases it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.sales.dispatches.usecases import send_shipment
from services.sales.stops import queries, usecases
from tests.services.sales.dispatches.test_usecases import counted

pytestmark = pytest.mark.server


def gross(shop: Any, amount: int) -> dict[str, Any]:
    return shop.line(shop.offer(unit_price=amount, tax_percent=0))


def agreed(shop: Any, account_id: str, amount: int) -> Any:
    return shop.confirm(shop.draft(account_id, gross(shop, amount)))


def limit(shop: Any, account_id: str, amount: int | None, *, version: int) -> None:
    usecases.take_limits(
        shop.session,
        [
            {
                "account_id": account_id,
                "version": version,
                "number": "A-1",
                "status": "active",
                "currency": "EUR",
                "credit_limit": amount,
            }
        ],
        today=shop.today,
        now=shop.now,
    )
    shop.session.expire_all()


def owe(shop: Any, account_id: str, amount: int, *, version: int) -> None:
    usecases.take_balances(
        shop.session,
        [
            {
                "account_id": account_id,
                "currency": "EUR",
                "version": version,
                "open": max(amount, 0),
                "unapplied": max(-amount, 0),
                "balance": amount,
            }
        ],
        today=shop.today,
        now=shop.now,
    )


def stopped(shop: Any, account_id: str) -> list[str]:
    stops = queries.find_standing(shop.session, account_id=account_id)
    return sorted(stop.number for stop in stops.values())


def told(shop: Any) -> list[tuple[str, str, int]]:
    announced = shop.session.info.get("announced", [])
    return [
        (event.name, data["number"], data["version"])
        for event, data, _ in announced
        if event.name in ("order_stopped", "order_released")
    ]


def send(shop: Any, order: Any, quantity: str | None = None) -> Any:
    [line] = order.lines
    part = [{"line_id": line.line_id, "quantity": Decimal(quantity)}] if quantity else None
    return send_shipment(
        shop.session,
        order_id=order.order_id,
        lines=part,
        shipped_on=None,
        today=shop.today,
        now=shop.now,
        by="kim",
    )


def release(shop: Any, order: Any) -> Any:
    return usecases.release_order(
        shop.session,
        order_id=order.order_id,
        reason="Pays on Friday.",
        today=shop.today,
        now=shop.now,
        by="kim",
    )


def test_an_order_that_does_not_fit_a_lowered_limit_is_not_shipped(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    first, second = agreed(shop, account_id, 300), agreed(shop, account_id, 600)
    limit(shop, account_id, 500, version=2)
    assert stopped(shop, account_id) == [second.number]
    with pytest.raises(Conflict, match=f"release order {second.number}") as refused:
        send(shop, second)
    assert refused.value.code == "order_stopped"
    assert send(shop, first).total_gross == 300
    assert told(shop) == [("order_stopped", second.number, 1)]


def test_a_limit_that_was_not_lowered_stops_nothing_however_much_is_owed(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    order = agreed(shop, account_id, 600)
    owe(shop, account_id, 5000, version=1)
    limit(shop, account_id, 1000, version=2)
    assert stopped(shop, account_id) == []
    assert send(shop, order).total_gross == 600


def test_goods_do_not_leave_before_the_stop_was_told(shop: Any) -> None:
    """The limit may come with another event about the account than the one that orders are judged by."""
    account_id = shop.open_account(credit_limit=1000)
    order = agreed(shop, account_id, 600)
    shop.open_account(account_id=account_id, version=2, credit_limit=500)
    shop.session.expire_all()
    assert stopped(shop, account_id) == []
    with pytest.raises(Conflict, match="lowered"):
        send(shop, order)


@pytest.mark.parametrize(
    "mend",
    [
        lambda shop, account_id, _: limit(shop, account_id, 900, version=3),
        lambda shop, account_id, _: limit(shop, account_id, None, version=3),
        lambda shop, account_id, _: owe(shop, account_id, -100, version=1),
        lambda shop, account_id, other: [
            shop.cancel(other),
            usecases.review_where_stopped(
                shop.session, account_ids=[account_id], today=shop.today, now=shop.now
            ),
        ],
    ],
)
def test_an_order_that_fits_again_goes_on_by_itself(
    shop: Any, mend: Callable[[Any, str, Any], Any]
) -> None:
    account_id = shop.open_account(credit_limit=1000)
    other, order = agreed(shop, account_id, 300), agreed(shop, account_id, 600)
    limit(shop, account_id, 800, version=2)
    mend(shop, account_id, other)
    assert stopped(shop, account_id) == []
    assert told(shop) == [("order_stopped", order.number, 1), ("order_released", order.number, 2)]
    assert send(shop, order).total_gross == 600


def test_a_cancelled_order_is_not_stopped_any_more(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    order = agreed(shop, account_id, 600)
    limit(shop, account_id, 0, version=2)
    shop.cancel(order)
    usecases.review_where_stopped(
        shop.session, account_ids=[account_id], today=shop.today, now=shop.now
    )
    assert stopped(shop, account_id) == []


def test_a_released_order_goes_on_and_takes_its_room(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    first, second = agreed(shop, account_id, 600), agreed(shop, account_id, 300)
    limit(shop, account_id, 500, version=2)
    assert stopped(shop, account_id) == [first.number]
    version = first.version
    assert release(shop, first).version == version + 1
    assert stopped(shop, account_id) == [second.number]
    assert send(shop, first).total_gross == 600
    [over] = queries.list_stops(
        shop.session, account_id=account_id, is_standing=False, limit=9, after=None
    )["items"]
    assert (over.number, over.released_by, over.release_reason) == (
        first.number,
        "kim",
        "Pays on Friday.",
    )


def test_a_released_order_is_stopped_again_by_a_still_lower_limit(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    order = agreed(shop, account_id, 600)
    limit(shop, account_id, 500, version=2)
    release(shop, order)
    limit(shop, account_id, 500, version=3)
    assert stopped(shop, account_id) == []
    limit(shop, account_id, 400, version=4)
    assert stopped(shop, account_id) == [order.number]
    assert told(shop) == [
        ("order_stopped", order.number, 1),
        ("order_released", order.number, 2),
        ("order_stopped", order.number, 3),
    ]


def test_only_what_is_stopped_is_released(shop: Any) -> None:
    with pytest.raises(Conflict) as refused:
        release(shop, agreed(shop, shop.open_account(), 600))
    assert refused.value.code == "order_not_stopped"


def test_an_order_shipped_in_part_stops_with_its_rest(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    line = shop.line(shop.offer(unit_price=100, tax_percent=0), "6")
    order = shop.confirm(shop.draft(account_id, line))
    send(shop, order, "2")
    limit(shop, account_id, 500, version=2)
    [stop] = queries.find_standing(shop.session, account_id=account_id).values()
    assert stop.gross == 400
    with pytest.raises(Conflict):
        send(shop, order, "1")


def test_currencies_are_judged_apart(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=None)
    euros = agreed(shop, account_id, 600)
    dollars = shop.confirm(
        shop.draft(account_id, gross(shop, 100) | {"unit_price": 100}, currency="USD")
    )
    limit(shop, account_id, 600, version=2)
    assert stopped(shop, account_id) == [dollars.number]
    assert send(shop, euros).total_gross == 600


def test_events_twice_and_late_stop_nothing_twice(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    order = agreed(shop, account_id, 600)
    for version, amount in [(3, 400), (2, 900), (3, 400), (2, 900)]:
        limit(shop, account_id, amount, version=version)
    assert told(shop) == [("order_stopped", order.number, 1)]


def test_an_account_nothing_is_known_of_has_nothing_to_stop(shop: Any) -> None:
    usecases.review_stops(shop.session, account_id="acc_unknown", today=shop.today, now=shop.now)


def test_goods_leave_before_the_limit_is_lowered_or_stay(
    engine: Engine, shop_in: Callable[[Session], Any], waits_or_ends: Callable[[Any], None]
) -> None:
    with Session(engine) as session, session.begin():
        shop = shop_in(session)
        account_id = shop.open_account(credit_limit=1000)
        order_id = agreed(shop, account_id, 600).order_id

    def ship() -> str:
        with Session(engine) as session, session.begin():
            shop = shop_in(session)
            try:
                send(shop, shop.fetch(order_id))
            except Conflict as refused:
                return refused.code
        return "sent"

    with ThreadPoolExecutor(1) as pool, Session(engine) as session:
        with session.begin():
            limit(shop_in(session), account_id, 500, version=2)
            sent = pool.submit(ship)
            waits_or_ends(sent)
        assert sent.result() == "order_stopped"


def test_the_owner_is_told_whom_to_contact_about_a_stopped_order_until_it_goes_on(
    shop: Any,
) -> None:
    account_id = shop.open_account(credit_limit=1000)
    order = agreed(shop, account_id, 600)
    limit(shop, account_id, 500, version=2)
    release(shop, order)
    contacts = [
        (event.name, data)
        for event, data, _ in shop.session.info["announced"]
        if event.name in ("contact_due", "contact_settled")
    ]
    of_order = {
        "account_id": account_id,
        "reason": "order_stopped",
        "about": order.order_id,
        "currency": "EUR",
    }
    due = of_order | {
        "version": 1,
        "since": shop.today.isoformat(),
        "amount": 600,
        "sentence": "Goods for 6.00 EUR are not shipped. The credit limit was lowered to 5.00 EUR "
        f"and has no room for order {order.number} any more.",
        "roles": ["payer", "decision_maker"],
        "channel": None,
        "earliest": None,
    }
    assert contacts == [("contact_due", due), ("contact_settled", of_order | {"version": 2})]


def test_where_new_limits_stop_nothing_the_statements_do_not_grow_with_the_accounts(
    shop: Any,
) -> None:
    def statements(count: int) -> int:
        accounts = [shop.open_account(credit_limit=5000) for _ in range(count)]
        for account_id in accounts:
            agreed(shop, account_id, 2000)
        facts = {"version": 2, "number": "A-1", "status": "active", "currency": "EUR"}
        told = [{"account_id": one, **facts, "credit_limit": 9000} for one in accounts]
        shop.session.expire_all()
        with counted(shop.session) as sent:
            usecases.take_limits(shop.session, told, today=shop.today, now=shop.now)
        return len(sent)

    few = statements(2)
    assert 0 < statements(40) <= few
