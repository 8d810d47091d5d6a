"""Pick lists and delivery notes are drawn of what is known of a shipment."""

from __future__ import annotations

import importlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from services.sales.company.usecases import keep_company
from services.sales.delivery_notes.queries import read_facts
from services.sales.delivery_notes.usecases import draw_delivery_note, draw_pick_list
from services.sales.dispatches.rules import Task
from services.sales.dispatches.usecases import carry_out
from services.sales.shipments.rules import SEND, Step
from tests.services.sales.dispatches.test_usecases import Yard
from tests.services.sales.promises.test_usecases import promised

pytestmark = pytest.mark.server
revision = importlib.import_module("services.sales.migrations.versions.0022_shipment_rests")
COMPANY = {
    "company_id": "cmp_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "version": 1,
    "legal_name": "Tea House Ltd",
    "country": "IE",
    "addresses": [{"kind": "legal", "lines": ["1 Quay Street", "Galway"], "country": "IE"}],
    "email_from": "office@tea.example",
    "logo_file_id": None,
    "logo": None,
}


@pytest.fixture
def yard(shop: Any) -> Yard:
    return Yard(shop)


def read(yard: Yard, shipment: Any) -> Any:
    ours = {"name": "Steward", "email": "steward@localhost"}
    return read_facts(yard.session, shipment_id=shipment.shipment_id, **ours)


def test_what_is_in_a_shipment_is_not_still_to_come(yard: Yard) -> None:
    order = promised(yard, "20", "3", on=date(2026, 3, 20))
    shipment = yard.draft(order, "12", "3")
    before = read(yard, shipment)
    yard.session.expire_all()
    assert [(line.quantity, line.unit) for line in before.lines] == [(12, "piece"), (3, "piece")]
    assert [(line.quantity, line.promised_on) for line in before.to_come] == [
        (8, date(2026, 3, 20))
    ]
    yard.send(order)
    assert read(yard, shipment).to_come == []


def rests(yard: Yard, shipment: Any) -> list[tuple[str, date | None]]:
    yard.session.expire_all()
    told = read(yard, shipment).to_come
    return [(f"{line.quantity.normalize():f}", line.promised_on) for line in told]


def test_a_note_says_what_was_still_to_come_as_the_goods_left_whenever_it_is_drawn(
    yard: Yard,
) -> None:
    on, later = date(2026, 3, 20), date(2026, 4, 2)
    order = promised(yard, "20", "3", on=on)
    first = yard.send_with(order, lines=yard.lines(order, "5"))
    second = yard.send_with(order, lines=yard.lines(order, "6", "1"), rest_promised_on=later)
    told = {"first": [("15", on), ("3", on)], "second": [("9", later), ("2", later)]}
    assert {"first": rests(yard, first), "second": rests(yard, second)} == told
    third = yard.draft(order, "4")
    content, _ = draw_delivery_note(yard.session, shipment_id=first.shipment_id)
    yard.move(third, Step.ASSIGN, Step.PICK, Step.SHIP)
    yard.shop.cancel(order)
    assert {"first": rests(yard, first), "second": rests(yard, second)} == told
    assert rests(yard, third) == [("5", later), ("2", later)]
    assert draw_delivery_note(yard.session, shipment_id=first.shipment_id)[0] == content


def test_of_what_leaves_together_each_says_what_came_after_it(yard: Yard) -> None:
    order, other = promised(yard, "20", "3", on=None), yard.order("2")
    tasks = [
        Task(SEND, order.order_id, lines=[(order.lines[0].line_id, Decimal(12))]),
        Task(SEND, other.order_id),
        Task((), order.order_id, lines=[(order.lines[1].line_id, Decimal(1))]),
        Task(SEND, order.order_id, lines=[(order.lines[1].line_id, Decimal(2))]),
    ]
    first, whole, draft, last = carry_out(yard.session, tasks, **yard.when)
    assert rests(yard, first) == [("8", None), ("3", None)]
    assert rests(yard, whole) == []
    assert rests(yard, draft) == [("8", None)]
    assert rests(yard, last) == [("8", None), ("1", None)]


def test_what_is_short_within_its_tolerance_is_not_to_come(yard: Yard) -> None:
    order = yard.order("40")
    yard.tolerate(order)
    assert rests(yard, yard.send(order, "20")) == [("20", None)]
    assert rests(yard, yard.send(order, "18")) == []


def test_shipments_of_before_say_what_came_later_or_is_open(yard: Yard) -> None:
    order = promised(yard, "20", "3", on=None)
    sent = [yard.send(order, "5"), yard.send(order, "6", "1")]
    yard.draft(order, "4")
    before = [rests(yard, one) for one in sent]
    with Operations.context(MigrationContext.configure(yard.session.connection())):
        revision.downgrade()
        revision.upgrade()
    assert [rests(yard, one) for one in sent] == before
    assert before == [[("15", None), ("3", None)], [("9", None), ("2", None)]]


def test_before_anybody_said_who_we_are_it_is_from_the_settings(yard: Yard) -> None:
    shipment = yard.send(yard.order("1"))
    assert (read(yard, shipment).sender, read(yard, shipment).sender_email) == (
        "Steward",
        "steward@localhost",
    )
    for _ in range(2):
        keep_company(yard.session, [COMPANY])
    told = read(yard, shipment)
    assert (told.sender, told.sender_email) == ("Tea House Ltd", "office@tea.example")
    assert (list(told.sender_lines), told.sender_country) == (["1 Quay Street", "Galway"], "IE")


def test_both_are_pdfs_and_the_same_each_time(yard: Yard) -> None:
    shipment = yard.send(yard.order("5", "3"), "2")
    for draw in (draw_pick_list, draw_delivery_note):
        content, number = draw(yard.session, shipment_id=shipment.shipment_id)
        again, _ = draw(yard.session, shipment_id=shipment.shipment_id)
        assert content.startswith(b"%PDF-")
        assert (content, number) == (again, shipment.number)
