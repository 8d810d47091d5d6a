"""Pick lists and delivery notes are drawn of what is known of a shipment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.sales.company.usecases import keep_company
from services.sales.delivery_notes.queries import read_facts
from services.sales.delivery_notes.usecases import draw_delivery_note, draw_pick_list
from tests.services.sales.dispatches.test_usecases import Yard
from tests.services.sales.promises.test_usecases import promised

pytestmark = pytest.mark.server
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
