"""What a letter says: the procedure's text with its placeholders filled, the items, the total. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kernel.money import Money
from services.collections.labels.rules import LABELS, Labels
from services.collections.procedures.rules import FALLBACK_LANGUAGE, labels_of
from stationery.languages import (
    is_right_to_left,
    look_up,
    ways_of,
    write_day,
    write_money,
)

_FIRST_STRONG_ISOLATE, _POP_ISOLATE, _RIGHT_TO_LEFT_MARK = "\u2068", "\u2069", "\u200f"
TEXT_COLUMNS = 2  # the first ones of a letter's table; the others are numbers


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it was sent: every word of it, nothing left to look up or to reckon. `reader` is the
    language the account wished for, which the letter has where there is a text in it."""

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
    page: str
    reader: str
    sender_address: list[str] = field(default_factory=list)
    bank: str | None = None
    logo_file_id: str | None = None


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
    templates: Mapping[str, Mapping[str, Any]],
    level_name: str,
    language: str,
    account_number: str,
    name: str,
    person: str | None,
    address: Sequence[str],
    lines: Sequence[Line],
    currency: str,
    on: date,
    sender: str,
    sender_email: str,
    sender_address: Sequence[str] = (),
    bank: str | None = None,
    logo_file_id: str | None = None,
) -> Letter:
    """The letter of a level about these items, all of it in one language: the account's where there is
    a text and the words around it, else English. `lines` are in the order of their documents, and stay
    in it; the total is their sum."""
    written_in, labels = _choose_text(templates, language)
    text, ways = templates[written_in], ways_of(written_in, language)
    total = write_money(Money(sum(line.amount for line in lines), currency), ways)
    words = {
        "name": name,
        "account_number": account_number,
        "total": total,
        "oldest_due_date": write_day(lines[0].due_date, ways),
        "level_name": level_name,
        "today": write_day(on, ways),
    }
    set_apart = {key: _set_apart(value, written_in) for key, value in words.items()}
    return Letter(
        reference=reference,
        language=written_in,
        written_on=words["today"],
        sender=sender or labels.sender,
        sender_email=sender_email,
        recipient=[name, *_attention(person, name, labels), *address],
        facts=[[labels.account, account_number], [labels.reference, reference]],
        subject=re.sub(r"[ \t\n]+", " ", _fill(text["subject"], words)).strip(),
        opening=_fill(text["opening"], set_apart),
        columns=[labels.invoice, labels.due, labels.days_overdue, labels.invoiced, labels.to_pay],
        rows=[_row(line, currency, on, ways) for line in lines],
        total=[labels.total, total],
        closing=_fill(text["closing"], set_apart),
        page=labels.page,
        reader=language,
        sender_address=list(sender_address),
        bank=bank,
        logo_file_id=logo_file_id,
    )


def restore(stored: Mapping[str, Any]) -> Letter:
    """The letter as it was stored; those of the first release keep no words for the foot."""
    tag = look_up(stored["language"], LABELS) or FALLBACK_LANGUAGE
    return Letter(**{"page": LABELS[tag].page, "reader": stored["language"], **stored})


def as_text(letter: Letter) -> str:
    """The letter as plain text, as it goes into an e-mail. Columns are aligned for a typeface in which
    East Asian characters are twice as wide as others."""
    table = [letter.columns, *letter.rows]
    widths = [max(cells(row[place]) for row in table) for place in range(len(letter.columns))]
    lines = [_aligned(row, widths) for row in table]
    rule = "-" * max(cells(line) for line in lines)
    label, amount = letter.total
    total = label + " " * max(1, len(rule) - cells(label) - cells(amount)) + amount
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
    text = "\n\n".join(parts) + "\n"
    return _from_the_right(text) if is_right_to_left(letter.language) else text


def cells(text: str) -> int:
    """How many columns the text takes where every character takes one, an East Asian wide one two
    (UAX 11) and a mark on another none."""
    return sum(_cells_of(character) for character in text)


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _from_the_right(text: str) -> str:
    # A reader's program looks at a line's first letter to see from where it runs: at a number, too.
    return re.sub(r"^(?=.)", _RIGHT_TO_LEFT_MARK, text, flags=re.MULTILINE)


def _choose_text(templates: Mapping[str, Mapping[str, Any]], language: str) -> tuple[str, Labels]:
    """The tag of the text that fits a reader best, and the words around it; a text without is none."""
    found = {tag: labels_of(tag, text) for tag, text in templates.items()}
    whole = {tag: labels for tag, labels in found.items() if labels is not None}
    tag = look_up(language, whole) or FALLBACK_LANGUAGE
    return tag, whole[tag]


def _attention(person: str | None, name: str, labels: Labels) -> list[str]:
    return [labels.attention.replace("{person}", person)] if person and person != name else []


def _fill(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: words[found.group(1)], text)


def _set_apart(value: str, language: str) -> str:
    """A value that runs against the text, so that neither puts the other out of order (UAX 9, 2.4)."""
    against = {"L"} if is_right_to_left(language) else {"R", "AL"}
    runs_against = any(unicodedata.bidirectional(character) in against for character in value)
    return f"{_FIRST_STRONG_ISOLATE}{value}{_POP_ISOLATE}" if runs_against else value


def _row(line: Line, currency: str, on: date, ways: str) -> list[str]:
    return [
        line.invoice_number,
        write_day(line.due_date, ways),
        str(max(0, (on - line.due_date).days)),
        write_money(Money(line.invoiced, currency), ways),
        write_money(Money(line.amount, currency), ways),
    ]


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """Text to the left, the numbers to the right."""
    padded = []
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - cells(cell))
        padded.append(cell + space if place < TEXT_COLUMNS else space + cell)
    return "  ".join(padded)
