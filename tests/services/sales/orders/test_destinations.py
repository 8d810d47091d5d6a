"""Where an order's goods go, and what its account demands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid
from services.sales.accounts.usecases import keep_contacts
from services.sales.orders import usecases

pytestmark = pytest.mark.server

RAMP = {
    **{"address_id": "adr_01jd3v4q6ye8z9t5k2m7n0p1xf", "kind": "shipping", "recipient": "Gate 3"},
    **{"lines": ["Hafenstr. 12", "20457 HAMBURG"], "country": "DE", "country_name": "GERMANY"},
    **{"street": ["Hafenstr. 12"], "district": None, "city": "Hamburg", "region": None},
    **{"postal_code": "20457", "valid_from": "2026-01-01", "valid_to": None},
}
SITE = {"recipient": None, "lines": ["Field 7"], "country": "AT", "country_name": "AUSTRIA"}


def employ(session: Session, account_id: str, name: str, *roles: str) -> str:
    contact = {"contact_id": new_id("con"), "account_id": account_id, "version": 1, "name": name}
    contact |= {"email": None, "phone": None, "roles": [*roles]}
    keep_contacts(session, [contact | {"valid_from": None, "valid_to": None}])
    return str(contact["contact_id"])


def edit(session: Session, shop: Any, order: Any, **changes: Any) -> Any:
    return usecases.edit_order(session, order_id=order.order_id, today=shop.today, **changes)


def test_goods_go_to_the_accounts_own_address_and_person(session: Session, shop: Any) -> None:
    account_id = shop.open_account(addresses=[RAMP])
    employ(session, account_id, "Ada", "payer")
    contact_id = employ(session, account_id, "Bert", "shipping")
    order = shop.draft(account_id)
    assert order.delivery_address["lines"] == ["Hafenstr. 12", "20457 HAMBURG"]
    assert (order.delivery_contact_id, order.delivery_contact) == (contact_id, "Bert")
    shop.open_account(account_id=account_id, version=2, addresses=[])
    assert shop.fetch(order.order_id).delivery_address["recipient"] == "Gate 3"
    assert shop.draft(account_id).delivery_address is None


def test_goods_go_elsewhere_when_somebody_says_so(session: Session, shop: Any) -> None:
    account_id = shop.open_account(addresses=[RAMP])
    order = shop.draft(account_id, delivery_address=SITE, delivery_contact="Foreman Kit")
    assert (order.delivery_address["lines"], order.delivery_contact_id) == (["Field 7"], None)
    assert order.delivery_contact == "Foreman Kit"
    edit(session, shop, order, delivery_address_id=RAMP["address_id"])
    assert order.delivery_address["city"] == "Hamburg"
    assert order.delivery_contact == "Foreman Kit"
    edit(session, shop, order, delivery_address=None, delivery_contact=None, note="Fragile.")
    assert (order.delivery_address, order.delivery_contact, order.note) == (None, None, "Fragile.")


def test_another_accounts_person_takes_nothing_in(session: Session, shop: Any) -> None:
    stranger = employ(session, shop.open_account(), "Eve", "shipping")
    account_id = shop.open_account()
    own = employ(session, account_id, "Ada")
    assert shop.draft(account_id, delivery_contact_id=own).delivery_contact == "Ada"
    with pytest.raises(Invalid) as refused:
        shop.draft(account_id, delivery_contact_id=stranger)
    assert refused.value.code == "delivery_contact_unknown"


def test_an_order_that_each_would_wait_for_is_refused(session: Session, shop: Any) -> None:
    account_id = shop.open_account()
    with pytest.raises(Invalid, match="each waits for the other"):
        shop.draft(account_id, ships_on="payment")
    order = shop.draft(account_id, ships_on="payment", bills_on="order")
    with pytest.raises(Invalid, match="each waits for the other"):
        edit(session, shop, order, bills_on="shipment")


def test_without_the_number_that_a_client_demands_nothing_is_confirmed(
    session: Session, shop: Any
) -> None:
    order = shop.draft(shop.open_account(order_number_required=True))
    with pytest.raises(Conflict, match="A-1 demands its own order number") as refused:
        shop.confirm(order)
    assert refused.value.code == "purchase_order_missing"
    edit(session, shop, order, reference="PO-7")
    assert shop.confirm(order).status == "confirmed"


def test_a_promise_is_kept_for_each_line_and_never_for_a_day_that_is_over(
    session: Session, shop: Any
) -> None:
    account_id, product = shop.open_account(), shop.offer()
    with pytest.raises(Invalid) as refused:
        shop.draft(account_id, shop.line(product), shop.line(product, promised_on=date(2026, 3, 1)))
    assert [error["field"] for error in refused.value.errors] == ["lines/1/promised_on"]
    order = shop.draft(account_id, shop.line(product, promised_on=shop.today))
    change = {"order_id": order.order_id, "line_id": order.lines[0].line_id, "today": shop.today}
    usecases.change_line(session, **change, promised_on=date(2026, 3, 9), note="In the morning.")
    with pytest.raises(Invalid, match="is over"):
        usecases.change_line(session, **change, promised_on=date(2026, 3, 1))
    [line] = order.lines
    assert (line.promised_on, line.note) == (date(2026, 3, 9), "In the morning.")
    assert line.quantities.ordered == Decimal(1)
