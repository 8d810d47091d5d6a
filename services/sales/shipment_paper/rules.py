"""What a pick list or a delivery note says: its facts in words, nothing left to look up. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from services.sales.products.rules import PIECE
from services.sales.shipment_labels.rules import Labels, choose_labels
from stationery.languages import ways_of, write_day, write_number

BOX = "☐"


class PaperLine(NamedTuple):
    """A product, how much of it, and by when it is promised."""

    sku: str
    description: str
    quantity: Decimal
    unit: str
    promised_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a shipment: from whom, to whom, what is in it, and what is still `to_come`."""

    shipment_id: str
    number: str
    shipped_on: date
    order_number: str
    client_order_number: str | None
    account_number: str
    account_name: str
    language: str
    address: Mapping[str, Any] | None
    contact: str | None
    sender: str
    sender_lines: Sequence[str]
    sender_country: str | None
    sender_email: str
    logo_file_id: str | None
    lines: Sequence[PaperLine]
    to_come: Sequence[PaperLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSheet:
    """A pick list or delivery note word for word; what may be long stands first in a row. `rest` are what
    is still to come, under `to_come` and its own columns; `received` is where whoever takes the goods
    signs, if anybody does."""

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
    text_columns: int
    to_come: str
    rest_columns: list[str]
    rest: list[list[str]]
    received: str | None
    page: str


def compose_note(facts: Facts) -> NoteSheet:
    """The delivery note, in the client's language where we have its words, else in English."""
    tag, labels = choose_labels(facts.language)
    ways = ways_of(tag, facts.language)
    return _sheet(
        facts,
        labels,
        tag,
        reader=facts.language,
        title=f"{labels.delivery_note} {facts.number}",
        columns=[labels.description, labels.sku, labels.quantity],
        rows=[[one.description, one.sku, _many(one, ways)] for one in facts.lines],
        to_come=facts.to_come,
        received=labels.received,
    )


def compose_list(facts: Facts, *, language: str) -> NoteSheet:
    """The pick list, for our own people: a box for each line, to be ticked."""
    tag, labels = choose_labels(language)
    ways = ways_of(tag, language)
    return _sheet(
        facts,
        labels,
        tag,
        reader=language,
        title=f"{labels.pick_list} {facts.number}",
        columns=[labels.description, labels.sku, labels.quantity, labels.picked],
        rows=[[one.description, one.sku, _many(one, ways), BOX] for one in facts.lines],
        to_come=(),
        received=None,
    )


def _sheet(
    facts: Facts,
    labels: Labels,
    tag: str,
    *,
    reader: str,
    title: str,
    columns: list[str],
    rows: list[list[str]],
    to_come: Sequence[PaperLine],
    received: str | None,
) -> NoteSheet:
    ways = ways_of(tag, reader)
    return NoteSheet(
        reference=facts.shipment_id,
        language=tag,
        reader=reader,
        title=title,
        sender=facts.sender,
        sender_address=list(facts.sender_lines),
        sender_email=facts.sender_email,
        bank=None,
        recipient=_recipient(facts),
        facts=_facts(facts, labels, ways),
        columns=columns,
        rows=rows,
        text_columns=2,
        to_come=labels.to_come,
        rest_columns=[labels.description, labels.sku, labels.quantity, labels.promised],
        rest=[[one.description, one.sku, _many(one, ways), _day(one, ways)] for one in to_come],
        received=received,
        page=labels.page,
    )


def _recipient(facts: Facts) -> list[str]:
    """What stands in the window; the country where it crosses a border."""
    if facts.address is None:
        return [facts.account_name]
    abroad = facts.address["country"] != facts.sender_country
    country = [facts.address["country_name"]] if abroad and facts.address["country_name"] else []
    named = facts.address["recipient"]
    return [facts.account_name, *([named] if named else []), *facts.address["lines"], *country]


def _facts(facts: Facts, labels: Labels, ways: str) -> list[list[str]]:
    told = (
        (labels.day, write_day(facts.shipped_on, ways)),
        (labels.account, facts.account_number),
        (labels.client_order, facts.client_order_number),
        (labels.order, facts.order_number),
        (labels.contact, facts.contact),
    )
    return [[label, value] for label, value in told if value]


def _many(line: PaperLine, ways: str) -> str:
    """How much; pieces are not called so, as their name is not in the client's language."""
    many = write_number(line.quantity.normalize(), ways)
    return many if line.unit == PIECE else f"{many} {line.unit}"


def _day(line: PaperLine, ways: str) -> str:
    return "" if line.promised_on is None else write_day(line.promised_on, ways)
