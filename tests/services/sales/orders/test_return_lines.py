"""Lines below 0: goods that come back with an order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid
from services.sales.dispatches.usecases import send_shipment
from services.sales.fulfilment.usecases import record_returned
from services.sales.orders import queries, usecases
from services.sales.products.usecases import edit_product, retire_product

pytestmark = pytest.mark.server


def send(shop: Any, order: Any, *lines: tuple[str, str]) -> None:
    wanted = [{"line_id": line_id, "quantity": Decimal(quantity)} for line_id, quantity in lines]
    when = {"shipped_on": None, "today": shop.today, "now": shop.now, "by": "kim"}
    send_shipment(shop.session, order_id=order.order_id, lines=wanted or None, **when)


def take_back(shop: Any, order: Any, quantity: str) -> None:
    [line_id] = [line.line_id for line in order.lines if line.is_return_line]
    record_returned(shop.session, [(order, order.lines)], {line_id: Decimal(quantity)})


def exposure(shop: Any, account_id: str) -> int:
    standing = queries.get_standing(shop.session, account_id=account_id, currency=None)
    return int(standing.exposure)


def test_five_go_out_and_two_come_back_by_one_order(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=5950)
    order = shop.draft(account_id, shop.line(shop.offer(), "5"), shop.line(shop.offer(), "-2"))
    assert (order.total_net, order.total_tax, order.total_gross) == (3000, 570, 3570)
    shop.confirm(order)
    assert exposure(shop, account_id) == 5950  # what comes back counts once it is credited
    send(shop, order)
    assert [line.quantities.shipped for line in order.lines] == [5, 0]
    assert order.status == "processing"
    take_back(shop, order, "1")
    assert (order.status, shop.announced()[-1]) == ("processing", "ShipmentSent")
    take_back(shop, order, "1")
    assert (order.status, order.lines[1].quantities.returned) == ("done", 2)
    assert shop.announced()[-1] == "OrderCompleted"
    assert exposure(shop, account_id) == 5950


def test_what_goes_out_counts_whole_against_the_limit(shop: Any) -> None:
    account_id = shop.open_account(credit_limit=5949)
    order = shop.draft(account_id, shop.line(shop.offer(), "5"), shop.line(shop.offer(), "-2"))
    with pytest.raises(Conflict) as refused:
        shop.confirm(order)
    assert refused.value.code == "credit_limit_exceeded"


def test_what_comes_back_is_not_sent(shop: Any) -> None:
    order = shop.confirm(shop.draft(shop.open_account(), shop.line(shop.offer(), "-2")))
    with pytest.raises(Conflict) as nothing:
        send(shop, order)
    assert nothing.value.code == "nothing_to_send"
    with pytest.raises(Invalid, match="not a line of this order that goes out"):
        send(shop, order, (order.lines[0].line_id, "1"))
    assert (order.open_gross, order.total_gross) == (0, -2380)


def test_what_did_not_come_back_is_cancelled_with_the_rest(shop: Any) -> None:
    lines = [shop.line(shop.offer(), "5"), shop.line(shop.offer(), "-2")]
    order = shop.confirm(shop.draft(shop.open_account(), *lines))
    take_back(shop, order, "0.5")
    shop.cancel(order)
    assert (order.status, order.lines[1].quantities.cancelled) == ("done", Decimal("-1.5"))
    with pytest.raises(Conflict) as refused:
        take_back(shop, order, "1")
    assert refused.value.code == "order_done"


def test_goods_come_back_at_the_price_they_were_sold_at(session: Session, shop: Any) -> None:
    chair, account_id = shop.offer(unit_price=2400), shop.open_account()
    sold = shop.draft(account_id, shop.line(chair, "8", discount_percent=Decimal(10)))
    send(shop, shop.confirm(sold))
    edit_product(session, product_id=chair.product_id, unit_price=9900, tax_percent=Decimal(7))
    retire_product(session, product_id=chair.product_id)
    line_id = sold.lines[0].line_id
    order = shop.draft(account_id, shop.line(chair, "-3", returns_line_id=line_id))
    [line] = order.lines
    assert (line.unit_price, line.net_unit_price, line.tax_percent) == (2400, 2160, Decimal(19))
    assert order.total_net == -6480
    change = {"order_id": order.order_id, "line_id": line.line_id, "today": shop.today}
    with pytest.raises(Invalid, match="8 left the house"):
        usecases.change_line(session, **change, quantity=Decimal(-9))
    with pytest.raises(Invalid, match="those of the line they were sold by"):
        usecases.change_line(session, **change, unit_price=1)
    usecases.change_line(session, **change, quantity=Decimal(-8))
    assert shop.confirm(order).status == "confirmed"


def test_what_was_not_sold_to_the_account_does_not_come_back_as_sold(shop: Any) -> None:
    chair, account_id = shop.offer(), shop.open_account()
    sold = shop.confirm(shop.draft(account_id, shop.line(chair, "2")))
    line_id, draft = sold.lines[0].line_id, shop.draft(account_id, shop.line(chair))
    others = shop.confirm(shop.draft(shop.open_account(), shop.line(chair))).lines[0].line_id
    send(shop, sold, (line_id, "1"))
    wrong = {
        "quantity": [
            shop.line(chair, "2", returns_line_id=line_id),
            shop.line(chair, "-2", returns_line_id=line_id),
        ],
        "unit_price": [shop.line(chair, "-1", returns_line_id=line_id, unit_price=5)],
        "returns_line_id": [
            shop.line(chair, "-1", returns_line_id=new_id("orl")),
            shop.line(chair, "-1", returns_line_id=others),
            shop.line(chair, "-1", returns_line_id=draft.lines[0].line_id),
            shop.line(shop.offer(), "-1", returns_line_id=line_id),
        ],
    }
    for field, lines in wrong.items():
        for line in lines:
            with pytest.raises(Invalid) as refused:
                shop.draft(account_id, line)
            assert [error["field"] for error in refused.value.errors] == [f"lines/0/{field}"]
    assert (
        shop.draft(account_id, shop.line(chair, "-1", returns_line_id=line_id)).total_net == -1000
    )
