"""How document numbers look."""

import pytest

from services.billing.numbers.rules import Series, format_number


@pytest.mark.parametrize(
    ("series", "count", "number"),
    [
        (Series.INVOICE, 1, "2026-000001"),
        (Series.INVOICE, 1_000_000, "2026-1000000"),
        (Series.CREDIT_NOTE, 42, "CN-2026-000042"),
        (Series.RECEIPT, 7, "RCPT-2026-000007"),
    ],
)
def test_a_number_names_series_year_and_count(series, count, number):
    assert format_number(series, 2026, count) == number
