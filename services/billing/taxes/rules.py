"""How a line is taxed: its code and percent, what a code demands, how tax is rounded, and what must be
said of it on the document."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from kernel.money import round_half_up
from kernel.refusals import Invalid

REASON_LENGTH_MAX = 500


class TaxCode(StrEnum):
    """Why a percentage is what it is; EN 16931 calls them S (standard and reduced), Z, E and AE."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"
    EXEMPT = "exempt"
    REVERSE_CHARGE = "reverse_charge"


class Rounding(StrEnum):
    """What tax is rounded by, half up: all of a document at one rate, or each line."""

    DOCUMENT = "document"
    LINE = "line"


class TaxRate(NamedTuple):
    """What is totalled together on a document."""

    tax_percent: Decimal
    tax_code: TaxCode


class Taxed(Protocol):
    """What is taxed at a rate."""

    @property
    def tax_code(self) -> str: ...
    @property
    def exemption_reason(self) -> str | None: ...


TAXING = frozenset({TaxCode.STANDARD, TaxCode.REDUCED})
"""The codes at which there is tax."""
_WITH_REASON = frozenset({TaxCode.EXEMPT, TaxCode.REVERSE_CHARGE})
_TEXTS = {
    TaxCode.REVERSE_CHARGE: "Reverse charge: the recipient of the supply is liable for the tax."
}
"""What must stand on a document by law unless a text is stated (Directive 2006/112/EC, Article 226,
11a)."""


def code_of(tax_percent: Decimal) -> TaxCode:
    """The code of what is taxed at a percentage, where none is given."""
    return TaxCode.STANDARD if tax_percent else TaxCode.ZERO


def choose_code(
    tax_percent: Decimal, tax_code: str | None, exemption_reason: str | None, *, field: str
) -> TaxCode:
    """The code that is given, or that which follows from the percentage. Refused where the percentage is
    none of the code's, or a reason is missing or out of place; `field` is that of the line, "" where it
    is no line."""
    code = code_of(tax_percent) if tax_code is None else TaxCode(tax_code)
    _require_percent(tax_percent, code, field=field)
    if code is TaxCode.EXEMPT and exemption_reason is None:
        raise Invalid(
            "exemption_reason_missing",
            "What is exempt says why, as it must stand on the document; give exemption_reason.",
            field=_at(field, "exemption_reason"),
        )
    if exemption_reason is not None and code not in _WITH_REASON:
        raise Invalid(
            "exemption_reason_out_of_place",
            f"A reason stands with tax_code exempt or reverse_charge, and this is {code}; leave the "
            "reason out, or name the other code.",
            field=_at(field, "exemption_reason"),
        )
    return code


def _at(line: str, name: str) -> str:
    return f"{line}/{name}" if line else name


def _require_percent(tax_percent: Decimal, code: TaxCode, *, field: str) -> None:
    if tax_percent and code not in TAXING:
        raise Invalid(
            "tax_percent_not_zero",
            f"At tax_code {code} there is no tax; give tax_percent 0, or the code standard or reduced.",
            field=_at(field, "tax_percent"),
        )
    if not tax_percent and code in TAXING:
        raise Invalid(
            "tax_percent_zero",
            f"At tax_code {code} there is tax; give its tax_percent, or the code zero, exempt or "
            "reverse_charge.",
            field=_at(field, "tax_percent"),
        )


def tax_on(net: int, tax_percent: Decimal) -> int:
    """The tax on a net amount, in minor units, rounded half up."""
    return round_half_up(net * tax_percent / 100)[0]


def join_reasons(reasons: Iterable[str | None]) -> str | None:
    """What several reasons come to in one text, each once, in their order."""
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason)) or None


def legal_texts(taxed: Iterable[Taxed]) -> list[dict[str, str]]:
    """What must stand on a document by law, by code: the reason that is stated, or else the words that
    the law wants."""
    found = {
        TaxCode(each.tax_code): each.exemption_reason or _TEXTS.get(TaxCode(each.tax_code))
        for each in taxed
    }
    return [{"tax_code": code, "text": text} for code, text in found.items() if text]
