"""What a pick list or a delivery note says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from services.sales.shipment_paper.rules import BOX, Facts, PaperLine, compose_list, compose_note


def facts(**said: Any) -> Facts:
    told: dict[str, Any] = {
        "shipment_id": "shp_1",
        "number": "SH-100001",
        "shipped_on": date(2026, 3, 9),
        "order_number": "SO-100001",
        "client_order_number": "PO 45",
        "account_number": "A-17",
        "account_name": "Müller & Söhne GmbH",
        "language": "de",
        "address": {
            "recipient": "Wareneingang, Tor 3",
            "lines": ["Hafenstraße 7", "20457 Hamburg"],
            "country": "DE",
            "country_name": "Deutschland",
        },
        "contact": "Jutta Müller",
        "sender": "Tea House Ltd",
        "sender_lines": ["1 Quay Street", "Galway"],
        "sender_country": "IE",
        "sender_email": "office@tea.example",
        "logo_file_id": None,
        "lines": [
            PaperLine("TEA", "Assam, a case", Decimal("1200.000"), "Kiste"),
            PaperLine("CUP", "Cup", Decimal("2.5"), "piece"),
        ],
        "to_come": [PaperLine("TEA", "Assam, a case", Decimal(20), "Kiste", date(2026, 3, 20))],
    }
    return Facts(**told | said)


def test_a_delivery_note_says_what_is_in_it_and_what_is_to_come() -> None:
    sheet = compose_note(facts())
    assert sheet.title == "Lieferschein SH-100001"
    assert sheet.recipient == [
        "Müller & Söhne GmbH",
        "Wareneingang, Tor 3",
        "Hafenstraße 7",
        "20457 Hamburg",
        "Deutschland",
    ]
    assert sheet.facts == [
        ["Datum", "9. März 2026"],
        ["Kundennummer", "A-17"],
        ["Ihre Bestellung", "PO 45"],
        ["Unser Auftrag", "SO-100001"],
        ["Zu Händen", "Jutta Müller"],
    ]
    assert sheet.rows == [["Assam, a case", "TEA", "1.200 Kiste"], ["Cup", "CUP", "2,5"]]
    assert sheet.rest == [["Assam, a case", "TEA", "20 Kiste", "20. März 2026"]]
    assert sheet.received == "Erhalten von, Datum"


def test_within_a_country_it_is_not_named_and_what_is_not_known_is_left_out() -> None:
    sheet = compose_note(
        facts(sender_country="DE", client_order_number=None, contact=None, to_come=[])
    )
    assert sheet.recipient[-1] == "20457 Hamburg"
    assert [label for label, _ in sheet.facts] == ["Datum", "Kundennummer", "Unser Auftrag"]
    assert sheet.rest == []


def test_without_an_address_it_names_the_client() -> None:
    assert compose_note(facts(address=None)).recipient == ["Müller & Söhne GmbH"]


def test_a_pick_list_has_a_box_for_each_line_and_nobody_signs_it() -> None:
    sheet = compose_list(facts(), language="en")
    assert sheet.title == "Pick list SH-100001"
    assert sheet.rows[0] == ["Assam, a case", "TEA", "1,200 Kiste", BOX]
    assert (sheet.rest, sheet.received) == ([], None)
