"""What a letter says: the procedure's text with its placeholders filled, the items, the total. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.money import Money, decimals
from services.collections.procedures.rules import FALLBACK_LANGUAGE


@dataclass(frozen=True, slots=True)
class Labels:
    """The words around a letter's text in one language, and how it writes days and amounts."""

    columns: tuple[str, str, str, str, str]
    total: str
    account: str
    reference: str
    page: str
    attention: str
    sender: str
    months: str
    day: str
    thousands: str
    point: str


LABELS = {
    "en": Labels(
        columns=("Invoice", "Due", "Days overdue", "Invoiced", "To pay"),
        total="Total",
        account="Account",
        reference="Our reference",
        page="Page {page} of {{nb}}",
        attention="Attn. {person}",
        sender="Accounts Receivable",
        months="January February March April May June July August September October November "
        "December",
        day="{day} {month} {year}",
        thousands=",",
        point=".",
    ),
    "de": Labels(
        columns=("Rechnung", "Fällig am", "Tage überfällig", "Betrag", "Zu zahlen"),
        total="Summe",
        account="Kundennummer",
        reference="Unser Zeichen",
        page="Seite {page} von {{nb}}",
        attention="z. Hd. {person}",
        sender="Debitorenbuchhaltung",
        months="Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        day="{day}. {month} {year}",
        thousands=".",
        point=",",
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it was sent: every word of it, nothing left to look up or to reckon."""

    reference: str
    language: str
    written_on: str
    sender: str
    sender_email: str
    recipient: list[str]
    facts: list[list[str]]
    subject: str
    opening: str
    columns: list[str]
    rows: list[list[str]]
    total: list[str]
    closing: str


@dataclass(frozen=True, slots=True)
class Line:
    """An item in a letter."""

    invoice_number: str
    due_date: date
    invoiced: int
    amount: int


def compose(
    *,
    reference: str,
    templates: Mapping[str, Mapping[str, str]],
    level_name: str,
    language: str,
    account_number: str,
    name: str,
    person: str | None,
    lines: Sequence[Line],
    currency: str,
    on: date,
    sender: str,
    sender_email: str,
) -> Letter:
    """The letter of a level about these items, in the account's language if the level has it, else
    in English. The total is the sum of the lines."""
    language = _language(language, templates)
    labels = LABELS.get(language, LABELS[FALLBACK_LANGUAGE])
    total = Money(sum(line.amount for line in lines), currency)
    words = {
        "name": name,
        "account_number": account_number,
        "total": write_money(total, labels),
        "oldest_due_date": write_day(min(line.due_date for line in lines), labels),
        "level_name": level_name,
        "today": write_day(on, labels),
    }
    template = {part: _fill(text, words) for part, text in templates[language].items()}
    attention = [labels.attention.format(person=person)] if person and person != name else []
    return Letter(
        reference=reference,
        language=language,
        written_on=write_day(on, labels),
        sender=sender or labels.sender,
        sender_email=sender_email,
        recipient=[name, *attention],
        facts=[[labels.account, account_number], [labels.reference, reference]],
        subject=" ".join(template["subject"].split()),
        opening=template["opening"],
        columns=list(labels.columns),
        rows=[_row(line, currency, on, labels) for line in lines],
        total=[labels.total, write_money(total, labels)],
        closing=template["closing"],
    )


def as_text(letter: Letter) -> str:
    """The letter as plain text, as it goes into an e-mail."""
    table = [letter.columns, *letter.rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(letter.columns))]
    lines = [_aligned(row, widths) for row in table]
    rule = "-" * max(len(line) for line in lines)
    label, amount = letter.total
    total = label + amount.rjust(len(rule) - len(label))
    parts = [
        "\n".join(letter.recipient),
        letter.written_on,
        "\n".join(": ".join(fact) for fact in letter.facts),
        letter.subject,
        letter.opening,
        "\n".join([lines[0], rule, *lines[1:], rule, total]),
        letter.closing,
        "\n".join([letter.sender, letter.sender_email]),
    ]
    return "\n\n".join(parts) + "\n"


def write_money(money: Money, labels: Labels) -> str:
    """An amount as people read it in that language: `1,234.50 EUR`, `1.234,50 EUR`."""
    places = decimals(money.currency)
    plain = f"{Decimal(money.minor).scaleb(-places):,.{places}f}"
    marks = str.maketrans({",": labels.thousands, ".": labels.point})
    return f"{plain.translate(marks)} {money.currency}"


def write_day(day: date, labels: Labels) -> str:
    """A day as people read it in that language: `5 March 2026`, `5. März 2026`."""
    return labels.day.format(day=day.day, month=labels.months.split()[day.month - 1], year=day.year)


def in_latin(text: str) -> str:
    """The text in the letters a PDF's built-in fonts have (Latin-1): others by their usual Latin
    spelling, else without their accents, else as a question mark. The e-mail has the text as it is."""
    return "".join(_latin(character) for character in text)


def _latin(character: str) -> str:
    if ord(character) < 256:
        return character
    if character in _LATIN:
        return _LATIN[character]
    if character.lower() in _LATIN:
        return _LATIN[character.lower()].capitalize()
    plain = unicodedata.normalize("NFKD", character)
    bare = "".join(part for part in plain if not unicodedata.combining(part))
    if bare != character:
        return in_latin(bare)
    return "" if unicodedata.combining(character) else "?"


# Each character and how it is commonly spelt: punctuation, Cyrillic, Greek.
_SPELLINGS = """
    € EUR ™ (TM) „ " “ " ” " ‚ ' ‘ ' ’ ' – - — - … ... • * œ oe ł l đ d ı i
    а a б b в v г g ґ g д d е e є ye ё yo ж zh з z и i і i ї yi й y к k л l м m н n о o п p р r с s
    т t у u ф f х kh ц ts ч ch ш sh щ shch ъ ' ы y ь ' э e ю yu я ya ў w
    α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch
    ψ ps ω o
"""
_LATIN = dict(zip(_SPELLINGS.split()[::2], _SPELLINGS.split()[1::2], strict=True))


def _language(language: str, templates: Mapping[str, object]) -> str:
    short = language[:2].lower()
    return short if short in templates else FALLBACK_LANGUAGE


def _fill(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: words[found.group(1)], text)


def _row(line: Line, currency: str, on: date, labels: Labels) -> list[str]:
    return [
        line.invoice_number,
        write_day(line.due_date, labels),
        str(max(0, (on - line.due_date).days)),
        write_money(Money(line.invoiced, currency), labels),
        write_money(Money(line.amount, currency), labels),
    ]


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """The first two columns to the left, the numbers to the right."""
    cells = [
        cell.ljust(width) if place < 2 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells)
