"""What stands on a document: the facts of its day, and what follows from them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kernel.refusals import Conflict
from services.billing.taxes.rules import TaxCode


class DocumentKind(StrEnum):
    """What a document is. Costs are what paying late costs: a fee, interest, a letter."""

    INVOICE = "invoice"
    DEBIT_NOTE = "debit_note"
    CREDIT_NOTE = "credit_note"
    FEE = "fee"
    INTEREST = "interest"
    LETTER = "letter"
    RECEIPT = "receipt"
    STATEMENT = "statement"

    @property
    def is_cost(self) -> bool:
        return self in {DocumentKind.FEE, DocumentKind.INTEREST, DocumentKind.LETTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """We or the client. `lines` are the address as on an envelope, without the country; `tax_ids` are
    pairs of what a number is called and itself; `number` is ours for a client."""

    name: str
    recipient: str | None = None
    lines: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None
    country_name: str | None = None
    email: str | None = None
    number: str | None = None
    tax_ids: tuple[tuple[str, str], ...] = ()

    @property
    def vat_id(self) -> str | None:
        """The number that begins with the country's prefix (Greece's is EL), as VAT numbers do."""
        prefix = {"GR": "EL"}.get(self.country or "", self.country or "")
        plain = (re.sub(r"[\s.-]", "", value).upper() for _, value in self.tax_ids)
        pattern = rf"{prefix}[0-9A-Z+*]{{4,13}}"
        return next((one for one in plain if prefix and re.fullmatch(pattern, one)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """What is demanded or credited for what, net, in minor units. `for_whom` names the account that it is
    for, where that is not the buyer; `billed_ahead` the invoice by which it was billed already, where it
    takes that off."""

    description: str
    quantity: Decimal
    unit_price: int
    net: int
    tax_percent: Decimal
    tax_code: TaxCode
    exemption_reason: str | None = None
    service_from: date | None = None
    service_until: date | None = None
    for_whom: str | None = None
    shipment_number: str | None = None
    billed_ahead: tuple[str, date] | None = None

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and the last day that it is about; None where it names none."""
        if self.service_from is None or self.service_until is None:
            return None
        return self.service_from, self.service_until


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRate:
    """What it comes to at one rate of tax, in minor units."""

    tax_percent: Decimal
    tax_code: TaxCode
    net: int
    tax: int
    exemption_reason: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """What is due on which day, in minor units."""

    due_date: date
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where money goes to."""

    iban: str
    bic: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondents:
    """Who writes to whom in which language, and where money in one currency goes."""

    language: str
    seller: Party
    buyer: Party
    account: Account | None
    logo_file_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """A document's facts. `untaxed` is what is demanded without being a sale: costs, or money claimed
    back; `paid` what was paid of it by its day; `refers_to` the invoice that a note is for; `for_whom`
    names the account that all of it is for, where that is not the buyer."""

    kind: DocumentKind
    number: str
    issued_on: date
    currency: str
    language: str
    seller: Party
    buyer: Party
    account: Account | None
    lines: tuple[DocumentLine, ...]
    rates: tuple[DocumentRate, ...]
    net: int
    tax: int
    total: int
    untaxed: int = 0
    dues: tuple[Due, ...] = ()
    paid: int = 0
    client_order_number: str | None = None
    shipment_number: str | None = None
    refers_to: tuple[str, date] | None = None
    reason: str | None = None
    logo_file_id: str | None = None
    for_whom: str | None = None

    @property
    def payable(self) -> int:
        return self.total - self.paid

    @property
    def is_demand(self) -> bool:
        """Whether something is to be paid; a credit note is not."""
        return self.kind is not DocumentKind.CREDIT_NOTE

    @property
    def period(self) -> tuple[date, date] | None:
        """From the first day that a line is about to the last; None where no line names days."""
        days = [day for line in self.lines for day in line.period or ()]
        return (min(days), max(days)) if days else None

    @property
    def exemptions(self) -> tuple[str, ...]:
        """Why something is exempt, each reason once."""
        lines = [line.exemption_reason for line in self.lines]
        reasons = lines or [rate.exemption_reason for rate in self.rates]
        return tuple(dict.fromkeys(reason for reason in reasons if reason))


def first_due(bill: DocumentFacts) -> Due | None:
    """What is to be paid first: what was paid already is taken off the first instalments."""
    paid = bill.paid
    for due in bill.dues:
        if paid < due.amount:
            return Due(due.due_date, due.amount - paid)
        paid -= due.amount
    return None


def company_unknown() -> Conflict:
    """A document says whom it is from."""
    return Conflict(
        "company_unknown",
        "Nobody has said who we are: set the company (PUT /v1/company), then ask again.",
    )
