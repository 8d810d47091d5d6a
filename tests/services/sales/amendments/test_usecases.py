"""Changing what was agreed, with all that follows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from kernel.refusals import Conflict, Invalid, NotFound
from services.sales.amendments.usecases import amend_order
from services.sales.order_versions.models import OrderVersion
from services.sales.order_versions.queries import list_versions
from services.sales.order_versions.usecases import accept_version
from services.sales.orders import queries
from services.sales.orders.models import Order
from services.sales.products.usecases import edit_product, retire_product
from services.sales.reservations.queries import find_kept
from services.sales.reservations.usecases import change_settings
from tests.services.sales.dispatches.test_usecases import Yard

pytestmark = pytest.mark.server


class Office(Yard):
    """A yard whose orders are amended."""

    def agreed(self, *quantities: str, **facts: Any) -> Order:
        account_id = self.shop.open_account(**facts)
        lines = [self.shop.line(self.shop.offer(), each) for each in quantities or ("5",)]
        order: Order = self.shop.confirm(self.shop.draft(account_id, *lines))
        return order

    def amend(self, order: Order, *add: dict[str, Any], **facts: Any) -> Order:
        wanted = {"reason": "The client asked.", "reference": None, "acceptance": None}
        wanted |= {"add_lines": [*add], "change_lines": [], **self.when}
        return amend_order(self.session, order_id=order.order_id, **wanted | facts)

    def change(self, order: Order, place: int = 0, **changes: Any) -> Order:
        if "quantity" in changes:
            changes["quantity"] = Decimal(changes["quantity"])
        line = {"line_id": order.lines[place].line_id, "is_cancelled": False, **changes}
        return self.amend(order, change_lines=[line])

    def versions(self, order: Order) -> list[OrderVersion]:
        found = list_versions(self.session, order_id=order.order_id, limit=50, after=None)
        return list(found["items"])

    def told(self) -> dict[str, Any]:
        """What the last amendment announced."""
        data = [
            data for kind, data, _ in self.session.info["announced"] if "Amended" in kind.__name__
        ]
        return dict(data[-1])


@pytest.fixture
def office(shop: Any) -> Office:
    return Office(shop)


def test_lines_more_and_other_quantities_make_another_version(office: Office, shop: Any) -> None:
    order = office.agreed("5", "2")
    lamp = shop.offer(sku="LAMP", unit_price=3000)
    before = order.version
    office.amend(
        order,
        shop.line(lamp, "1", discount_percent=Decimal(10)),
        change_lines=[{"line_id": order.lines[0].line_id, "quantity": Decimal(7)}],
        reference="PO-9",
    )
    assert (order.total_net, order.open_gross) == (7000 + 2000 + 2700, 13923)
    assert (order.status, order.reference, order.version) == ("confirmed", "PO-9", before + 1)
    first, second = office.versions(order)
    assert (first.revision, first.total_net, first.changes, first.reason) == (1, 7000, [], None)
    assert (second.revision, second.total_net, second.made_by) == (2, 11700, "kim")
    assert [(one["sku"], one["field"], one["before"], one["after"]) for one in second.changes] == [
        (None, "reference", None, "PO-9"),
        (order.lines[0].sku, "quantity", "5", "7"),
        ("LAMP", "quantity", None, "1"),
        ("LAMP", "unit_price", None, "3000"),
        ("LAMP", "discount_percent", None, "10"),
    ]
    told = office.told()
    assert (told["revision"], told["version"], told["total_gross"]) == (2, order.version, 13923)
    assert (told["is_ended"], told["client_order_number"]) == (False, "PO-9")
    assert [line["quantity"] for line in told["lines"]] == ["7", "2", "1"]
    assert told["changes"] == second.changes


def test_an_amendment_is_within_the_credit_for_what_it_adds(office: Office) -> None:
    order = office.agreed("5", credit_limit=7140)
    with pytest.raises(Conflict) as refused:
        office.change(order, quantity="6.001")
    assert refused.value.code == "credit_limit_exceeded"
    assert refused.value.facts["order_gross"] == 1191
    office.session.expire_all()
    assert office.change(order, quantity="6").open_gross == 7140
    assert order.agreed_limit == 7140


def test_what_is_less_or_only_moves_is_agreed_whatever_became_of_the_account(
    office: Office, shop: Any
) -> None:
    order = office.agreed("5")
    shop.open_account(account_id=order.account_id, version=2, credit_limit=0)
    shop.hold(order.account_id)
    office.change(order, quantity="4", promised_on=date(2026, 3, 20), note="At noon.")
    assert (order.lines[0].promised_on, order.lines[0].note) == (date(2026, 3, 20), "At noon.")
    assert "PromiseMoved" in shop.announced()
    with pytest.raises(Conflict) as refused:
        office.change(order, quantity="5")
    assert refused.value.code == "credit_hold"


def test_what_is_retired_is_not_ordered_more_of(
    session: Session, office: Office, shop: Any
) -> None:
    order = office.agreed("5")
    retire_product(session, product_id=order.lines[0].product_id)
    assert office.change(order, quantity="4").total_net == 4000
    with pytest.raises(Conflict) as refused:
        office.change(order, quantity="5")
    assert refused.value.code == "product_retired"
    office.session.expire_all()
    with pytest.raises(Invalid) as invalid:
        office.amend(order, {**shop.line(shop.offer()), "promised_on": date(2026, 3, 1)})
    assert [error["field"] for error in invalid.value.errors] == ["add_lines/0/promised_on"]


def test_never_below_what_left_the_house_and_down_to_it_the_order_is_done(
    office: Office, shop: Any
) -> None:
    order = office.agreed("5")
    office.send(order, "3")
    with pytest.raises(Conflict) as refused:
        office.change(order, quantity="2")
    assert refused.value.code == "below_shipped"
    office.session.expire_all()
    office.change(order, quantity="3")
    assert (order.status, shop.announced()[-1]) == ("done", "OrderCompleted")
    assert office.told()["is_ended"] is True
    with pytest.raises(Conflict) as done:
        office.change(order, quantity="4")
    assert done.value.code == "order_done"


def test_a_shipment_that_has_not_left_is_given_up_first(office: Office) -> None:
    order = office.agreed("5")
    office.draft(order, "4")
    with pytest.raises(Conflict, match="4 are in shipments that have not left"):
        office.change(order, quantity="3")
    assert office.change(order, quantity="4").lines[0].quantities.open == 4


def test_a_line_is_taken_off_but_not_all_of_an_order(office: Office) -> None:
    order = office.agreed("5", "2")
    office.change(order, 1, is_cancelled=True)
    assert (order.lines[1].quantities.cancelled, order.open_gross) == (2, 5950)
    with pytest.raises(Conflict) as refused:
        office.change(order, is_cancelled=True)
    assert refused.value.code == "nothing_left"


def test_a_price_changes_as_long_as_nothing_went(session: Session, office: Office) -> None:
    order = office.agreed("5")
    office.change(order, unit_price=900, discount_percent=Decimal(50))
    assert (order.lines[0].net_unit_price, order.total_net) == (450, 2250)
    office.send(order, "1")
    with pytest.raises(Conflict) as refused:
        office.change(order, unit_price=800)
    assert refused.value.code == "line_begun"


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_only_what_is_agreed_and_not_done_is_amended(
    office: Office, shop: Any, status: str
) -> None:
    order = shop.draft(shop.open_account())
    if status == "cancelled":
        shop.cancel(order)
    with pytest.raises(Conflict) as refused:
        office.change(order, quantity="2")
    assert refused.value.code == f"order_{status}"
    assert office.versions(order) == []


def test_bad_input_is_refused_by_its_place(office: Office, shop: Any) -> None:
    order = office.agreed("5")
    with pytest.raises(Invalid, match="is so already"):
        office.change(order, quantity="5")
    known = {"line_id": order.lines[0].line_id, "quantity": Decimal(6)}
    with pytest.raises(Invalid, match="has no line orl_none; name one of its") as unknown:
        office.amend(order, change_lines=[known, {"line_id": "orl_none", "quantity": Decimal(1)}])
    assert (unknown.value.code, unknown.value.errors[0]["field"]) == (
        "line_not_found",
        "change_lines/1/line_id",
    )
    with pytest.raises(Invalid) as refused:
        office.amend(order, shop.line(shop.offer()), {**shop.line(shop.offer()), "product_id": "x"})
    assert [error["field"] for error in refused.value.errors] == ["add_lines/1/product_id"]


def test_an_acceptance_that_is_to_come_is_named_by_its_place(office: Office) -> None:
    order = office.agreed("5")
    said = {"accepted_by": "Jutta", "accepted_on": date(2026, 3, 3), "accepted_how": "email"}
    with pytest.raises(Invalid, match="is yet to come") as refused:
        office.amend(order, reference="PO 1", acceptance=said)
    assert [one["field"] for one in refused.value.errors] == ["acceptance/accepted_on"]


def test_the_client_accepts_with_the_amendment_or_later_and_once(
    session: Session, office: Office
) -> None:
    order = office.agreed("5")
    said = {"accepted_by": "Jutta", "accepted_on": date(2026, 3, 1), "accepted_how": "email"}
    line = {"line_id": order.lines[0].line_id, "quantity": Decimal(6)}
    office.amend(order, change_lines=[line], acceptance=said)
    first, second = office.versions(order)
    assert (second.accepted_by, second.accepted_on, second.acceptance_by) == (
        "Jutta",
        date(2026, 3, 1),
        "kim",
    )
    accept = {"order_id": order.order_id, **said, **office.when}
    accept_version(session, revision=1, **accept)
    assert (first.accepted_how, first.acceptance_at) == ("email", office.when["now"])
    with pytest.raises(Conflict) as refused:
        accept_version(session, revision=2, **accept)
    assert refused.value.code == "already_accepted"
    with pytest.raises(NotFound):
        accept_version(session, revision=3, **accept)


def test_what_is_reserved_follows(session: Session, office: Office, shop: Any) -> None:
    change_settings(session, reserves_at="confirmation", now=shop.now, by="kim")
    chair = shop.offer(is_stocked=True)
    order = shop.confirm(shop.draft(shop.open_account(), shop.line(chair, "5")))
    office.change(order, quantity="8")
    line_id = order.lines[0].line_id
    assert find_kept(session, line_ids=[line_id])[line_id].quantity == 8
    office.change(order, quantity="2")
    assert find_kept(session, line_ids=[line_id])[line_id].quantity == 2
    office.amend(order, shop.line(chair, "1"))
    office.change(order, is_cancelled=True)
    assert [*find_kept(session, line_ids=[line.line_id for line in order.lines])] == [
        order.lines[1].line_id
    ]


def test_an_amendment_takes_as_many_statements_however_many_lines(
    session: Session, office: Office, shop: Any
) -> None:
    def count(lines: int) -> int:
        order = office.agreed(*["5"] * lines)
        added = [shop.line(shop.offer()) for _ in range(lines)]
        changed = [
            {"line_id": line.line_id, "quantity": Decimal(6), "promised_on": date(2026, 3, 9)}
            for line in order.lines
        ]
        session.flush()
        asked: list[str] = []

        def note(*given: Any) -> None:
            asked.append(given[2])

        event.listen(session.connection(), "before_cursor_execute", note)
        office.amend(order, *added, change_lines=changed)
        event.remove(session.connection(), "before_cursor_execute", note)
        return len(asked)

    assert count(40) == count(2)


def test_a_credit_check_sees_what_was_amended(session: Session, office: Office) -> None:
    order = office.agreed("5")
    edit_product(session, product_id=order.lines[0].product_id, unit_price=1)
    office.change(order, quantity="7")
    standing = queries.get_standing(session, account_id=order.account_id, currency=None)
    assert standing.open_orders == 8330
