"""Reading what stands on a document, as it was on the day of its issue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.billing.addressees.models import Addressee, FormerAddressee
from services.billing.addressees.queries import find_addressees, get_addressee_at
from services.billing.allocations.models import Allocation
from services.billing.billables.models import Billable
from services.billing.company.models import Company, FormerCompany
from services.billing.company.queries import find_company, find_company_at
from services.billing.credits.models import CreditNote
from services.billing.document_facts.rules import (
    Account,
    Correspondents,
    DocumentFacts,
    DocumentKind,
    DocumentLine,
    DocumentRate,
    Due,
    Party,
    company_unknown,
)
from services.billing.fees.models import Fee
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.reschedules.models import DueChange
from services.billing.shipments.queries import find_numbers
from services.billing.taxes.rules import TaxCode
from stationery.postal import billing_address
from stationery.senders import bank_account_for, sending_address


class _Served(NamedTuple):
    """For whom something is, where that is not the buyer; its first and last day, where it has days."""

    name: str | None
    first: date | None = None
    last: date | None = None


def read_invoice(session: Session, invoice: Invoice) -> DocumentFacts:
    """What stands on an issued invoice, debit note or demand of costs. Conflict (`company_unknown`) while
    nobody has said who we are."""
    assert invoice.issued_on is not None and invoice.recorded_at is not None, "it is issued"
    served = _find_served(session, invoice)
    ahead = _find_named(session, {line.advance_id for line in invoice.lines})
    sent = {invoice.shipment_id, *(line.shipment_id for line in invoice.lines)}
    numbers = find_numbers(session, shipment_ids=sent)
    return DocumentFacts(
        kind=DocumentKind(invoice.kind),
        number=invoice.name,
        issued_on=invoice.issued_on,
        **_parties(session, invoice, on=invoice.issued_on, at=invoice.recorded_at),
        lines=tuple(
            replace(
                _line(line, served[line.billable_id]),
                shipment_number=numbers.get(line.shipment_id),
                billed_ahead=ahead.get(line.advance_id),
            )
            for line in invoice.lines
        ),
        for_whom=served[None].name,
        rates=_rates(invoice.rates),
        net=invoice.net,
        tax=invoice.tax,
        total=invoice.total,
        untaxed=invoice.reclaimed + invoice.assessed,
        dues=tuple(_find_dues(session, invoice)),
        paid=_sum_paid(session, invoice),
        client_order_number=invoice.client_order_number,
        shipment_number=numbers.get(invoice.shipment_id),
        refers_to=_find_named(session, {invoice.raises_invoice_id}).get(invoice.raises_invoice_id),
        reason=_reason(session, invoice),
    )


def read_credit_note(session: Session, note: CreditNote) -> DocumentFacts:
    """What stands on a credit note. Conflict (`company_unknown`) while nobody has said who we are."""
    names = _find_names(session, note, {note.for_account_id})
    whole = _Served(names.get(note.for_account_id))
    return DocumentFacts(
        kind=DocumentKind.CREDIT_NOTE,
        number=note.number,
        issued_on=note.issued_on,
        **_parties(session, note, on=note.issued_on, at=note.recorded_at),
        lines=tuple(_line(line, whole) for line in note.lines),
        for_whom=whole.name,
        rates=_rates(note.rates),
        net=note.net,
        tax=note.tax,
        total=note.total,
        untaxed=note.waived,
        refers_to=_find_named(session, {note.invoice_id}).get(note.invoice_id),
        reason=note.reason,
    )


def read_correspondents(
    session: Session, *, account_ids: Collection[str], currency: str, on: date
) -> dict[str, Correspondents]:
    """Who writes to each of these accounts as it is addressed now, and where money in a currency goes;
    accounts that nobody told of are left out. Conflict (`company_unknown`) while nobody has said who we
    are."""
    company = find_company(session)
    if company is None:
        raise company_unknown()
    seller, account = _seller(company), _account(company, currency)
    return {
        account_id: Correspondents(
            language=addressee.language,
            seller=seller,
            buyer=_buyer(addressee, on),
            account=account,
            logo_file_id=company.logo_file_id,
        )
        for account_id, addressee in find_addressees(session, account_ids=account_ids).items()
    }


def _parties(
    session: Session, document: Invoice | CreditNote, *, on: date, at: datetime
) -> dict[str, Any]:
    """Who bills whom, in which currency and language, and where money goes."""
    company, now = find_company_at(session, at=at), find_company(session)
    if company is None or now is None:
        raise company_unknown()
    addressee = get_addressee_at(session, account_id=document.account_id, at=at)
    # Money goes where it can be received on the day on which the document is made.
    return {
        "currency": document.currency,
        "language": addressee.language,
        "seller": _seller(company),
        "buyer": _buyer(addressee, on),
        "account": _account(now, document.currency),
        "logo_file_id": company.logo_file_id,
    }


def _account(company: Company, currency: str) -> Account | None:
    account = bank_account_for(company.bank_accounts, currency=currency)
    return None if account is None else Account(iban=account["iban"], bic=account["bic"])


def _seller(company: Company | FormerCompany) -> Party:
    address = sending_address(company.addresses) or {}
    return Party(
        name=company.legal_name,
        lines=tuple(address.get("lines", ())),
        street=tuple(address.get("street", ())),
        city=address.get("city"),
        postal_code=address.get("postal_code"),
        country=address.get("country", company.country),
        country_name=address.get("country_name"),
        email=company.email_from,
        tax_ids=tuple((one["kind"], one["value"]) for one in company.tax_ids),
    )


def _buyer(addressee: Addressee | FormerAddressee, on: date) -> Party:
    address = billing_address(addressee.addresses, on=on)
    tax_ids = (("tax_id", addressee.tax_id),) if addressee.tax_id else ()
    party = Party(
        name=addressee.name, number=addressee.number, email=addressee.email, tax_ids=tax_ids
    )
    if address is None:
        return party
    return replace(
        party,
        recipient=address.recipient,
        lines=address.lines,
        street=address.street,
        city=address.city,
        postal_code=address.postal_code,
        country=address.country,
        country_name=address.country_name,
    )


def _line(line: Any, served: _Served) -> DocumentLine:
    return DocumentLine(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        net=line.net,
        tax_percent=line.tax_percent,
        tax_code=TaxCode(line.tax_code),
        exemption_reason=line.exemption_reason,
        service_from=served.first,
        service_until=served.last,
        for_whom=served.name,
    )


def _rates(rates: Sequence[Any]) -> tuple[DocumentRate, ...]:
    return tuple(
        DocumentRate(
            tax_percent=rate.tax_percent,
            tax_code=TaxCode(rate.tax_code),
            net=rate.net,
            tax=rate.tax,
            exemption_reason=rate.exemption_reason,
        )
        for rate in rates
    )


def _find_served(session: Session, invoice: Invoice) -> dict[str | None, _Served]:
    """Who is served by the lines of an invoice and when, by what was to be billed; under None what is so
    of all other lines."""
    named = [line.billable_id for line in invoice.lines if line.billable_id is not None]
    found = session.scalars(select(Billable).where(Billable.billable_id.in_(named))).all()
    names = _find_names(
        session, invoice, {invoice.for_account_id, *(one.account_id for one in found)}
    )
    return {None: _Served(names.get(invoice.for_account_id))} | {
        one.billable_id: _Served(names.get(one.account_id), one.service_from, one.service_until)
        for one in found
    }


def _find_names(
    session: Session, document: Invoice | CreditNote, account_ids: Collection[str | None]
) -> dict[str | None, str]:
    """What accounts for which a document is are called on it; not who pays."""
    served = {*account_ids} - {None, document.account_id}
    if not served:
        return {}
    found = session.scalars(select(Addressee).where(Addressee.account_id.in_(served)))
    return {one.account_id: f"{one.name}, {one.number}" for one in found}


def _find_dues(session: Session, invoice: Invoice) -> list[Due]:
    """What was due when it was issued, whatever was rescheduled since; what came by that was not."""
    first = session.scalars(
        select(DueChange)
        .ext(distinct_on(DueChange.item_id))
        .where(DueChange.invoice_id == invoice.invoice_id)
        .order_by(DueChange.item_id, DueChange.version)
    )
    old = {change.item_id: (change.old_due_date, change.old_amount) for change in first}
    items = session.scalars(select(Item).where(Item.invoice_id == invoice.invoice_id))
    dues = [old.get(item.item_id, (item.due_date, item.amount)) for item in items]
    return sorted(Due(day, amount) for day, amount in dues if day and amount)


def _sum_paid(session: Session, invoice: Invoice) -> int:
    """What of it was paid or credited by the day of its issue."""
    paid = session.scalar(
        select(func.coalesce(func.sum(Allocation.amount), 0))
        .join(Item, Item.item_id == Allocation.item_id)
        .where(
            Item.invoice_id == invoice.invoice_id,
            Allocation.adjustment_id.is_(None),
            Allocation.effective_on <= invoice.issued_on,
        )
    )
    return int(paid or 0)


def _find_named(
    session: Session, invoice_ids: Collection[str | None]
) -> dict[str | None, tuple[str, date]]:
    """The numbers and days of invoices, by id."""
    ids = [one for one in invoice_ids if one is not None]
    if not ids:
        return {}
    found = session.scalars(select(Invoice).where(Invoice.invoice_id.in_(ids)))
    return {one.invoice_id: (one.name, one.issued_on) for one in found if one.issued_on}


def _reason(session: Session, invoice: Invoice) -> str | None:
    """What costs are assessed by, as collections says it."""
    fee = session.get(Fee, invoice.fee_id) if invoice.fee_id else None
    return fee.basis if fee else None
