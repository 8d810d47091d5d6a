"""How document numbers look."""

from __future__ import annotations

from enum import StrEnum


class Series(StrEnum):
    """The series numbered here, each from 1 in each year."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    FEE = "fee"
    INTEREST = "interest"
    LETTER = "letter"
    RECEIPT = "receipt"


_PREFIX = {
    Series.INVOICE: "",
    Series.CREDIT_NOTE: "CN-",
    Series.DEBIT_NOTE: "DN-",
    Series.FEE: "FEE-",
    Series.INTEREST: "INT-",
    Series.LETTER: "LET-",
    Series.RECEIPT: "RCPT-",
}


def format_number(series: Series, year: int, count: int) -> str:
    """`2026-000123`; `CN-2026-000123` for a credit note, `DN-` for a debit note, `FEE-`, `INT-`
    and `LET-` for what paying late costs, `RCPT-` for a receipt."""
    return f"{_PREFIX[series]}{year}-{count:06d}"
