"""Drafting, changing, confirming and cancelling orders."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid, NotFound, NotKnownYet, VersionMismatch
from services.sales.orders import schemas, usecases
from services.sales.products.usecases import edit_product, retire_product

pytestmark = pytest.mark.server


def test_a_line_keeps_the_price_name_and_tax_it_was_made_with(session: Session, shop: Any) -> None:
    chair = shop.offer(name="Chair", unit_price=1000)
    order = shop.draft(shop.open_account(), shop.line(chair, "3"))
    edit_product(
        session,
        product_id=chair.product_id,
        name="Armchair",
        unit_price=9999,
        tax_percent=Decimal(7),
    )
    [line] = usecases.change_line(
        session,
        order_id=order.order_id,
        line_id=order.lines[0].line_id,
        quantity=Decimal(2),
        today=shop.today,
    ).lines
    assert (line.description, line.net_unit_price, line.tax_percent) == ("Chair", 1000, Decimal(19))
    assert (order.total_net, order.total_tax, order.total_gross) == (2000, 380, 2380)


def test_products_are_named_by_id_or_by_sku(shop: Any) -> None:
    chair, desk = shop.offer(sku="CHAIR"), shop.offer(sku="DESK")
    order = shop.draft(shop.open_account(), {"sku": "DESK"}, shop.line(chair))
    assert [line.product_id for line in order.lines] == [desk.product_id, chair.product_id]


def test_price_and_discount_can_be_agreed_per_line(shop: Any) -> None:
    line = shop.line(shop.offer(), "2", unit_price=999, discount_percent=Decimal("12.5"))
    [line] = shop.draft(shop.open_account(), line).lines
    assert (line.unit_price, line.net_unit_price, line.net) == (999, 874, 1748)


def test_the_currency_is_the_accounts_unless_given(shop: Any) -> None:
    account_id = shop.open_account(currency="USD")
    priced = {"unit_price": 1}
    assert shop.draft(account_id, shop.line(shop.offer(), **priced)).currency == "USD"
    assert shop.draft(account_id, shop.line(shop.offer()), currency="EUR").currency == "EUR"


def test_every_line_that_cannot_be_had_is_named(session: Session, shop: Any) -> None:
    retired, dollars = shop.offer(), shop.offer(currency="USD")
    retire_product(session, product_id=retired.product_id)
    with pytest.raises(Invalid) as refused:
        shop.draft(
            shop.open_account(),
            {"sku": "NONE"},
            shop.line(shop.offer()),
            shop.line(retired),
            shop.line(dollars),
        )
    assert [error["field"] for error in refused.value.errors] == [
        "lines/0/sku",
        "lines/2/product_id",
        "lines/3/product_id",
    ]


def test_an_unknown_account_may_be_on_its_way(shop: Any) -> None:
    with pytest.raises(NotKnownYet):
        shop.draft(new_id("acc"))


def test_lines_of_a_draft_can_be_added_and_removed(session: Session, shop: Any) -> None:
    order = shop.draft(shop.open_account(), shop.line(shop.offer(unit_price=100)))
    first, version = order.lines[0].line_id, order.version
    lines = [shop.line(shop.offer(unit_price=250), "2")]
    usecases.add_lines(session, order_id=order.order_id, lines=lines, today=shop.today)
    assert (order.total_net, [line.position for line in order.lines]) == (600, [1, 2])
    usecases.remove_line(session, order_id=order.order_id, line_id=first)
    assert (order.total_net, [line.position for line in order.lines]) == (500, [2])
    assert order.version == version + 2


def test_a_change_without_effect_on_totals_is_a_new_version(session: Session, shop: Any) -> None:
    order = shop.draft(shop.open_account(), shop.line(shop.offer(unit_price=0)))
    line_id, version = order.lines[0].line_id, order.version
    usecases.change_line(
        session, order_id=order.order_id, line_id=line_id, quantity=Decimal(9), today=shop.today
    )
    assert order.version == version + 1


def test_the_last_line_stays(session: Session, shop: Any) -> None:
    order = shop.draft(shop.open_account())
    with pytest.raises(Conflict) as refused:
        usecases.remove_line(session, order_id=order.order_id, line_id=order.lines[0].line_id)
    assert refused.value.code == "last_line"


def test_a_line_of_another_order_is_not_found(session: Session, shop: Any) -> None:
    account_id = shop.open_account()
    order, other = shop.draft(account_id), shop.draft(account_id)
    with pytest.raises(NotFound):
        usecases.remove_line(session, order_id=order.order_id, line_id=other.lines[0].line_id)


CHANGES: dict[str, Callable[[Session, Any, Any], Any]] = {
    "edit": lambda s, shop, o: usecases.edit_order(
        s, order_id=o.order_id, reference="PO-7", today=shop.today
    ),
    "add": lambda s, shop, o: usecases.add_lines(
        s, order_id=o.order_id, lines=[shop.line(shop.offer())], today=shop.today
    ),
    "change": lambda s, shop, o: usecases.change_line(
        s, order_id=o.order_id, line_id=o.lines[0].line_id, unit_price=1, today=shop.today
    ),
    "remove": lambda s, shop, o: usecases.remove_line(
        s, order_id=o.order_id, line_id=o.lines[0].line_id
    ),
    "confirm": lambda s, shop, o: shop.confirm(o),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_confirmed_order_is_changed_no_more(session: Session, shop: Any, change: str) -> None:
    order = shop.confirm(shop.draft(shop.open_account()))
    with pytest.raises(Conflict) as refused:
        CHANGES[change](session, shop, order)
    assert refused.value.code == "order_confirmed"


def test_confirming_is_announced_with_the_totals(session: Session, shop: Any) -> None:
    account_id = shop.open_account()
    order = shop.confirm(shop.draft(account_id, shop.line(shop.offer(unit_price=1000), "5")))
    [(event, data, _)] = session.info["announced"]
    [line] = order.lines
    assert event.__name__ == "OrderConfirmed"
    assert data == {
        "account_id": account_id,
        "order_id": order.order_id,
        "number": order.number,
        "version": 2,
        "currency": "EUR",
        "total_net": 5000,
        "total_gross": 5950,
        "client_order_number": None,
        "bills_on": "shipment",
        "ships_on": "order",
        "deposit_percent": None,
        "lines": [
            {
                "line_id": line.line_id,
                "product_id": line.product_id,
                "sku": line.sku,
                "description": "Chair",
                "quantity": "5",
                "unit_price": 1000,
                "tax_percent": "19.00",
                "promised_on": None,
                "returns_line_id": None,
            }
        ],
    }


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_an_order_of_which_nothing_was_shipped_is_cancelled_whole(
    shop: Any, *, is_confirmed: bool
) -> None:
    order = shop.draft(shop.open_account(), shop.line(shop.offer(), "3"))
    if is_confirmed:
        shop.confirm(order)
    shop.cancel(order)
    assert (order.status, order.open_gross, order.cancel_reason) == (
        "cancelled",
        0,
        "Changed mind.",
    )
    assert order.lines[0].quantities.cancelled == 3
    assert shop.announced()[-1] == "OrderCancelled"
    with pytest.raises(Conflict) as refused:
        shop.cancel(order)
    assert refused.value.code == "order_cancelled"


def test_a_change_based_on_an_old_version_is_refused(session: Session, shop: Any) -> None:
    order = shop.draft(shop.open_account())
    session.info["if_match"] = {order.order_id: order.version - 1}
    with pytest.raises(VersionMismatch):
        shop.confirm(order)


def test_numbers_are_readable_and_unique(shop: Any) -> None:
    account_id = shop.open_account()
    first, second = shop.draft(account_id).number, shop.draft(account_id).number
    assert first.startswith("SO-")
    assert int(second[3:]) == int(first[3:]) + 1


def test_an_order_goes_out_as_documented(shop: Any) -> None:
    order = shop.draft(shop.open_account(), shop.line(shop.offer(sku="CHAIR"), "2.5"))
    answer = schemas.Order().dump(order)
    assert {name: answer[name] for name in ("status", "total_gross", "ordered_on", "version")} == {
        "status": "draft",
        "total_gross": 2975,
        "ordered_on": "2026-03-02",
        "version": 1,
    }
    [line] = answer["lines"]
    del line["line_id"], line["product_id"]
    assert line == {
        "sku": "CHAIR",
        "description": "Chair",
        "quantity": "2.5",
        "shipped": "0",
        "cancelled": "0",
        "returned": "0",
        "open": "2.5",
        "is_return_line": False,
        "unit_price": 1000,
        "discount_percent": "0.00",
        "net_unit_price": 1000,
        "tax_percent": "19.00",
        "net": 2500,
        "promised_on": None,
        "note": None,
        "returns_line_id": None,
    }
