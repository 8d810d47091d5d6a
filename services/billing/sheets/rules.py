"""What a document says: its facts in words, nothing left to look up or to reckon. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from kernel.money import Money
from services.billing.document_facts.rules import (
    Account,
    DocumentFacts,
    DocumentKind,
    DocumentLine,
    DocumentRate,
    Party,
    first_due,
)
from services.billing.labels.rules import Labels, choose_labels
from services.billing.taxes.rules import TaxCode
from stationery.languages import (
    is_right_to_left,
    ways_of,
    write_day,
    write_money,
    write_number,
    write_percent,
)
from stationery.senders import group_iban

_ISOLATE, _POP_ISOLATE = "\u2066", "\u2069"
_TITLES = {
    DocumentKind.INVOICE: "invoice",
    DocumentKind.DEBIT_NOTE: "debit_note",
    DocumentKind.CREDIT_NOTE: "credit_note",
}
_EPC_NAME, _EPC_TEXT, _EPC_LEAST, _EPC_MOST = 70, 140, 1, 99_999_999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """A table under its title, if it has one. After the first `text_columns` columns they are numbers;
    the one that is `wide` takes several lines where need be."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    text_columns: int = 1
    wide: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A document word for word. `sums` and `dues` are pairs of a label or day and an amount, the sums
    that count most in `strong`; `tables` are those after the first, and `late_tables` those below the
    sums; `qr` is what a bank's app reads; `copy` is what a copy bears."""

    reference: str
    language: str
    reader: str
    title: str
    sender: str
    sender_address: list[str]
    sender_email: str
    bank: str | None
    recipient: list[str]
    facts: list[list[str]]
    columns: list[str]
    rows: list[list[str]]
    sums: list[list[str]]
    strong: list[str]
    notes: list[str]
    due_columns: list[str]
    dues: list[list[str]]
    pay_to: str
    payment: list[list[str]]
    scan: str
    qr: str | None
    page: str
    copy: str
    enclosed: str
    logo_file_id: str | None
    tables: list[SheetTable] = field(default_factory=list)
    late_tables: list[SheetTable] = field(default_factory=list)


class Parties(Protocol):
    """Who writes to whom, and where money goes."""

    @property
    def language(self) -> str: ...
    @property
    def seller(self) -> Party: ...
    @property
    def buyer(self) -> Party: ...
    @property
    def account(self) -> Account | None: ...
    @property
    def logo_file_id(self) -> str | None: ...


def head(parties: Parties, *, reference: str, email: str) -> dict[str, Any]:
    """What stands in the head and the foot of a document. `email` is the settings' address, for a company
    without one."""
    tag, labels = choose_labels(parties.language)
    return {
        "reference": reference,
        "language": tag,
        "reader": parties.language,
        "sender": parties.seller.name,
        "sender_address": _sender_address(parties),
        "sender_email": parties.seller.email or email,
        "bank": _foot(parties),
        "recipient": _recipient(parties),
        "pay_to": labels.pay_to,
        "scan": labels.scan,
        "page": labels.page,
        "copy": labels.copy,
        "logo_file_id": parties.logo_file_id,
    }


def compose(bill: DocumentFacts, *, reference: str, email: str) -> Sheet:
    """The document in the language of the client where we have its words, else in English."""
    tag, labels = choose_labels(bill.language)
    ways = ways_of(tag, bill.language)
    writer = _Writer(bill, labels, tag, ways)
    return Sheet(
        **head(bill, reference=reference, email=email),
        title=f"{_title(bill.kind, labels)} {set_apart(bill.number, tag)}",
        facts=[*writer.facts()],
        columns=[labels.description, labels.quantity, labels.price, labels.tax, labels.net],
        rows=[*writer.rows()],
        sums=[*writer.sums()],
        strong=[labels.total, labels.to_pay],
        notes=[*writer.notes()],
        due_columns=[labels.due, labels.to_pay],
        dues=writer.dues(),
        payment=[*writer.payment()],
        qr=epc_payload(bill),
        enclosed=labels.enclosed,
    )


def restore(stored: Mapping[str, Any]) -> Sheet:
    """The document as it was stored."""
    parts = ("tables", "late_tables")
    tables = {name: [SheetTable(**one) for one in stored.get(name, ())] for name in parts}
    return Sheet(**{**stored, **tables})


def mark_copy(sheet: Sheet, *, number: int, on: date) -> Sheet:
    """The same document as a copy, the so-and-so-manieth of it, made on a day: it says so in its title
    and at the foot of each page. Nobody is to scan it and pay once more."""
    changes = {
        "title": f"{sheet.title} ({sheet.copy})",
        "page": f"{sheet.copy} · {sheet.page}",
        "facts": [
            [sheet.copy, f"{number} · {write_day(on, ways_of(sheet.language, sheet.reader))}"],
            *sheet.facts,
        ],
        "qr": None,
    }
    told = {name: getattr(sheet, name) for name in sheet.__slots__}
    return Sheet(**{**told, **changes})


def as_text(sheet: Sheet) -> str:
    """What a mail says that the document is enclosed in."""
    return "\n\n".join(
        [sheet.enclosed.replace("{document}", sheet.title), f"{sheet.sender}\n{sheet.sender_email}"]
    )


def set_apart(text: str, language: str) -> str:
    """A number or a sum inside words that run from right to left, so that its parts keep their order
    (UAX 9, 2.4)."""
    return f"{_ISOLATE}{text}{_POP_ISOLATE}" if is_right_to_left(language) else text


def describe(line: DocumentLine, *, language: str) -> str:
    """What a line is for, as it was written, and for whom where that is not the buyer; what was billed
    ahead in the words of the language."""
    about = line.description
    if line.billed_ahead is not None:
        tag, labels = choose_labels(language)
        number, day = line.billed_ahead
        named = f"{set_apart(number, tag)}, {write_day(day, ways_of(tag, language))}"
        about = labels.billed_ahead.replace("{document}", named)
    return " · ".join(filter(None, [about, line.for_whom]))


def epc_payload(bill: DocumentFacts) -> str | None:
    """What a bank's app reads to pay what is due first (EPC069-12, version 002, SEPA credit transfer);
    None where that is not in euro, to no known account, or nothing."""
    due = first_due(bill)
    if not bill.is_demand or due is None:
        return None
    return epc_code(bill, money=Money(due.amount, bill.currency), text=bill.number)


def epc_code(parties: Parties, *, money: Money, text: str) -> str | None:
    """As `epc_payload`, of an amount and what to write on it."""
    account = parties.account
    if money.currency != "EUR" or account is None or not _EPC_LEAST <= money.minor <= _EPC_MOST:
        return None
    amount = f"EUR{money.minor // 100}.{money.minor % 100:02}"
    name = parties.seller.name[:_EPC_NAME].strip()
    first = ["BCD", "002", "1", "SCT", account.bic or "", name, account.iban]
    return "\n".join([*first, amount, "", "", text[:_EPC_TEXT]])


def where_to_pay(parties: Parties, *, reference: str) -> list[list[str]]:
    """Where money goes, and what to write on it; nothing without an account of ours."""
    _, labels = choose_labels(parties.language)
    if parties.account is None:
        return []
    bic = [["BIC", parties.account.bic]] if parties.account.bic else []
    iban = ["IBAN", group_iban(parties.account.iban)]
    return [[labels.pay_to, parties.seller.name], iban, *bic, [labels.reference, reference]]


def _is_bare_reverse_charge(rate: DocumentRate) -> bool:
    return rate.tax_code is TaxCode.REVERSE_CHARGE and not rate.exemption_reason


def _title(kind: DocumentKind, labels: Labels) -> str:
    title: str = getattr(labels, _TITLES.get(kind, "costs"))
    return title


def _recipient(parties: Parties) -> list[str]:
    buyer, abroad = parties.buyer, parties.buyer.country != parties.seller.country
    country = [buyer.country_name] if abroad and buyer.country_name else []
    return [buyer.name, *filter(None, [buyer.recipient]), *buyer.lines, *country]


def _sender_address(parties: Parties) -> list[str]:
    seller, abroad = parties.seller, parties.buyer.country != parties.seller.country
    country = [seller.country_name] if abroad and seller.country_name else []
    return [*seller.lines, *country]


def _foot(parties: Parties) -> str | None:
    """Our bank account and the numbers under which authorities know us."""
    account = _account(parties.account)
    numbers = [f"{kind} {value}" for kind, value in parties.seller.tax_ids]
    return "  |  ".join([*([account] if account else []), *numbers]) or None


def _account(account: Account | None) -> str | None:
    if account is None:
        return None
    bic = [f"BIC {account.bic}"] if account.bic else []
    return " ".join([f"IBAN {group_iban(account.iban)}", *bic])


class _Writer:
    """Writes a bill's facts in one language."""

    def __init__(self, bill: DocumentFacts, labels: Labels, tag: str, ways: str) -> None:
        self._bill, self._labels, self._tag, self._ways = bill, labels, tag, ways

    def facts(self) -> Iterator[list[str]]:
        """What stands beside the recipient."""
        bill, labels = self._bill, self._labels
        yield [labels.issued, self._day(bill.issued_on)]
        if bill.refers_to:
            number, day = bill.refers_to
            yield [labels.refers_to, f"{set_apart(number, self._tag)}, {self._day(day)}"]
        told = (
            (labels.account, bill.buyer.number),
            (labels.order, bill.client_order_number),
            (labels.period, self._span(bill.period)),
            (labels.shipment, bill.shipment_number),
            (labels.tax_id, next((value for _, value in bill.buyer.tax_ids), None)),
        )
        for label, value in told:
            if value:
                yield [label, value]

    def rows(self) -> Iterator[list[str]]:
        """The table: a line each, or what is demanded without being a sale."""
        bill = self._bill
        for line in bill.lines:
            yield [
                self._about(line),
                write_number(line.quantity, self._ways),
                self._money(line.unit_price),
                write_percent(line.tax_percent, self._ways),
                self._money(line.net),
            ]
        if not bill.lines:
            for rate in bill.rates:
                percent = write_percent(rate.tax_percent, self._ways)
                yield [
                    " · ".join(filter(None, [bill.reason, bill.for_whom])),
                    "1",
                    self._money(rate.net),
                    percent,
                    self._money(rate.net),
                ]
        if bill.untaxed:
            amount = self._money(bill.untaxed)
            yield [bill.reason or _title(bill.kind, self._labels), "1", amount, "", amount]

    def _about(self, line: DocumentLine) -> str:
        """What for, of which days and shipment where they are not those of the whole document, and for
        whom where that is not the buyer."""
        bill, days = self._bill, line.period
        about = describe(line, language=bill.language)
        span = self._span(days if days != bill.period else None)
        sent = line.shipment_number if line.shipment_number != bill.shipment_number else None
        return ", ".join(filter(None, [about, span, sent and set_apart(sent, self._tag)]))

    def sums(self) -> Iterator[list[str]]:
        """Net, tax by rate, the total, what was paid and what is left to pay."""
        bill, labels = self._bill, self._labels
        if bill.rates:
            yield [labels.net, self._money(bill.net + bill.untaxed)]
        for rate in bill.rates:
            percent = write_percent(rate.tax_percent, self._ways)
            label = labels.tax_on.replace("{percent}", set_apart(percent, self._tag))
            net = set_apart(self._money(rate.net), self._tag)
            yield [label.replace("{net}", net), self._money(rate.tax)]
        yield [labels.total, self._money(bill.total)]
        if bill.paid:
            yield [labels.paid, self._money(-bill.paid)]
            yield [labels.to_pay, self._money(bill.payable)]

    def notes(self) -> Iterator[str]:
        """Why something is exempt, why a note was issued, what becomes of credit."""
        bill, labels = self._bill, self._labels
        yield from bill.exemptions
        if any(_is_bare_reverse_charge(rate) for rate in bill.rates):
            yield labels.reverse_charge
        if bill.reason and (bill.lines or bill.refers_to):
            yield f"{labels.reason}: {bill.reason}"
        if not bill.is_demand:
            yield labels.credited

    def dues(self) -> list[list[str]]:
        """What is due on which day."""
        return [[self._day(one.due_date), self._money(one.amount)] for one in self._bill.dues]

    def payment(self) -> Iterator[list[str]]:
        """Where money goes, and what to write on it."""
        bill = self._bill
        if bill.is_demand and bill.payable > 0:
            yield from where_to_pay(bill, reference=bill.number)

    def _money(self, minor: int) -> str:
        return write_money(Money(minor, self._bill.currency), self._ways)

    def _day(self, day: date) -> str:
        return write_day(day, self._ways)

    def _span(self, period: tuple[date, date] | None) -> str | None:
        if period is None:
            return None
        first, last = (self._day(day) for day in period)
        return first if first == last else f"{first} – {last}"
