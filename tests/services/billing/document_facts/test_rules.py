"""Claims about the facts of documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.billing.document_facts.rules import Due, Party, first_due
from services.billing.taxes.rules import TaxCode
from tests.services.billing.papers import bill, line


@pytest.mark.parametrize(
    ("country", "tax_ids", "vat_id"),
    [
        ("DE", (("VAT", "DE 136.695.976"),), "DE136695976"),
        ("DE", (("HRB", "HRB 123456"), ("USt-IdNr.", "DE136695976")), "DE136695976"),
        ("DE", (("Steuernummer", "22/815/08154"),), None),
        ("GR", (("ΑΦΜ", "EL094259216"),), "EL094259216"),
        ("AT", (("UID", "ATU13585627"),), "ATU13585627"),
        (None, (("VAT", "DE136695976"),), None),
        ("DE", (), None),
    ],
)
def test_a_vat_id_begins_with_its_countrys_prefix(
    country: str | None, tax_ids: tuple[tuple[str, str], ...], vat_id: str | None
) -> None:
    assert Party(name="A", country=country, tax_ids=tax_ids).vat_id == vat_id


@pytest.mark.parametrize(
    ("paid", "first"),
    [
        (0, Due(date(2026, 4, 1), 100)),
        (40, Due(date(2026, 4, 1), 60)),
        (100, Due(date(2026, 5, 1), 50)),
        (149, Due(date(2026, 5, 1), 1)),
        (150, None),
    ],
)
def test_what_was_paid_is_taken_off_the_first_instalments(paid: int, first: Due | None) -> None:
    dues = (Due(date(2026, 4, 1), 100), Due(date(2026, 5, 1), 50))
    assert first_due(bill(total=150, paid=paid, dues=dues)) == first


@settings(max_examples=20)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=5), st.data())
def test_what_is_due_first_is_never_more_than_is_left(
    amounts: list[int], data: st.DataObject
) -> None:
    paid = data.draw(st.integers(0, sum(amounts)))
    dues = tuple(Due(date(2026, month, 1), one) for month, one in enumerate(amounts, start=1))
    due = first_due(bill(total=sum(amounts), paid=paid, dues=dues))
    assert (due is None) == (paid == sum(amounts))
    assert due is None or 0 < due.amount <= sum(amounts) - paid


def test_its_period_is_from_the_first_day_of_a_line_to_the_last() -> None:
    march, april = (
        replace(line(100), service_from=date(2026, month, 1), service_until=date(2026, month, 30))
        for month in (3, 4)
    )
    assert bill(april, line(100), march).period == (date(2026, 3, 1), date(2026, 4, 30))
    assert bill().period is None


def test_each_reason_for_exemption_stands_there_once() -> None:
    exempt = [
        line(100, "0", code=TaxCode.EXEMPT, reason=reason) for reason in ("§ 4", "§ 4", "§ 5")
    ]
    assert bill(*exempt).exemptions == ("§ 4", "§ 5")
