"""What a statement says: what was owed, what moved it, what was open and for how long, how to pay it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kernel.refusals import Invalid
from services.billing.items.rules import ItemKind
from services.billing.ledger.rules import JournalKind
from services.billing.sheets.rules import Sheet, as_text
from services.billing.statements.rules import (
    ROWS_MAX,
    Move,
    OpenItem,
    StatementFacts,
    compose_statement,
    name_statement,
    require_short,
)
from tests.services.billing.telling import OPEN, parties, statement

DAY = date(2026, 3, 2)


def _sheet(told: StatementFacts, language: str = "en") -> Sheet:
    whom = parties(language=language)
    ours = {"reference": "doc_1", "email": "settings@steward.example"}
    return compose_statement(told, whom, made_on=date(2026, 4, 1), **ours)


def test_each_move_stands_there_with_what_was_owed_then() -> None:
    sheet = _sheet(statement())
    assert sheet.title == "Statement of account, 1 March 2026 – 31 March 2026"
    [table] = sheet.tables
    assert table.columns == ["Date", "Description", "Amount", "Balance"]
    assert [row[1:] for row in table.rows] == [
        ["Opening balance", "", "500.00 EUR"],
        ["Invoice 2026-000123", "1,190.00 EUR", "1,690.00 EUR"],
        ["Payment · Order 4711 from February", "-600.00 EUR", "1,090.00 EUR"],
        ["Costs of late payment FEE-2026-000001", "15.00 EUR", "1,105.00 EUR"],
        ["Credit note CN-2026-000007", "-119.00 EUR", "986.00 EUR"],
        ["Adjustment 2026-000123", "-1.00 EUR", "985.00 EUR"],
        ["Payment reversed", "600.00 EUR", "1,585.00 EUR"],
        ["Refund", "25.00 EUR", "1,610.00 EUR"],
    ]
    assert sheet.sums == [["Closing balance", "1,610.00 EUR"]]


def test_what_was_open_stands_there_with_what_is_set_against_nothing_and_its_age() -> None:
    items, ageing = _sheet(statement()).late_tables
    assert items.rows == [
        ["2026-000101", "20 January 2026", "19 February 2026", "500.00 EUR"],
        ["2026-000123", "2 March 2026", "1 April 2026", "1,070.00 EUR"],
        ["FEE-2026-000001", "12 March 2026", "12 March 2026", "15.00 EUR"],
        ["Not yet set against an invoice", "", "", "25.00 EUR"],
    ]
    assert ageing.rows == [
        ["Not yet due", "1,070.00 EUR"],
        ["1–30 days overdue", "15.00 EUR"],
        ["31–60 days overdue", "500.00 EUR"],
        ["61–90 days overdue", "0.00 EUR"],
        ["> 90 days overdue", "0.00 EUR"],
    ]


def test_how_to_pay_what_is_owed_stands_there() -> None:
    sheet = _sheet(statement())
    assert ["IBAN", "DE89 3704 0044 0532 0130 00"] in sheet.payment
    assert ["Payment reference", "A-000017"] in sheet.payment
    assert sheet.qr is not None and sheet.qr.split("\n")[7:] == ["EUR1610.00", "", "", "A-000017"]
    assert as_text(sheet).startswith("Please find enclosed: Statement of account, 1 March 2026")


@pytest.mark.parametrize(
    ("opening", "notes"),
    [
        (-111_000, []),
        (-111_001, ["The balance is in your favour; there is nothing to pay."]),
    ],
)
def test_nothing_is_to_be_paid_where_nothing_is_owed(opening: int, notes: list[str]) -> None:
    told = statement()
    even = replace(told, parts=[replace(told.parts[0], opening=opening)], open_items=())
    sheet = _sheet(even)
    assert (sheet.payment, sheet.qr, sheet.late_tables) == ([], None, [])
    assert sheet.notes == notes


def test_several_in_one_stand_below_one_another_and_are_summed() -> None:
    told = statement()
    [part] = told.parts
    names = ("A-1 · Brown", "A-2 · Brown North")
    parts = [replace(part, name=name) for name in names]
    items = [replace_whom(item, names[1]) for item in OPEN]
    sheet = _sheet(replace(told, parts=parts, open_items=(*OPEN, *items)))
    assert tuple(table.title for table in sheet.tables) == names
    assert [table.rows[-1][1:] for table in sheet.tables] == [
        ["Closing balance", "", "1,610.00 EUR"],
        ["Closing balance", "", "1,610.00 EUR"],
    ]
    assert sheet.sums == [["Closing balance", "3,220.00 EUR"]]
    assert sheet.late_tables[0].rows[3][0] == "2026-000101 · A-2 · Brown North"
    assert sheet.late_tables[0].rows[-1][-1] == "50.00 EUR"


def replace_whom(item: OpenItem, name: str) -> OpenItem:
    return item._replace(for_whom=name)


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (Move(JournalKind.INVOICE_VOIDED, DAY, -1, "I-1"), "Cancelled: Invoice I-1"),
        (Move(JournalKind.INVOICE_ISSUED, DAY, 1, "D-1", ItemKind.DEBIT_NOTE), "Debit note D-1"),
        (
            Move(JournalKind.INVOICE_ISSUED, DAY, 1, "I-1", for_whom="A-2 · Brown North"),
            "Invoice I-1 · A-2 · Brown North",
        ),
        (Move(JournalKind.CREDIT_NOTE_VOIDED, DAY, 1, "C-1"), "Cancelled: Credit note C-1"),
        (Move(JournalKind.PAYMENT_REINSTATED, DAY, -1), "Payment"),
        (Move(JournalKind.REFUND_REVERSED, DAY, -1), "Cancelled: Refund"),
        (Move(JournalKind.ALLOCATION_REVERSED, DAY, 1, "I-1"), "Cancelled: Adjustment I-1"),
        (Move(JournalKind.OVERPAYMENT_WRITTEN_OFF, DAY, 1), "Adjustment"),
        (Move(JournalKind.OVERPAYMENT_REVERSED, DAY, -1), "Cancelled: Adjustment"),
    ],
)
def test_what_moved_it_has_a_name(move: Move, words: str) -> None:
    [part] = statement().parts
    [table] = _sheet(statement(parts=[replace(part, moves=[move])])).tables
    assert table.rows[1][1] == words


@pytest.mark.parametrize(
    ("language", "title", "closing"),
    [
        ("de-CH", "Kontoauszug, 1. März 2026 – 31. März 2026", ["Endsaldo", "1'610.00 EUR"]),
        ("el", "Κατάσταση λογαριασμού, 1 Μαρτίου 2026 – 31 Μαρτίου 2026", None),
        ("zh-TW", "對帳單, 2026年3月1日 – 2026年3月31日", ["期末餘額", "1,610.00 EUR"]),
        ("tlh", "Statement of account, 1 March 2026 – 31 March 2026", None),
    ],
)
def test_it_is_in_the_clients_language(
    language: str, title: str, closing: list[str] | None
) -> None:
    sheet = _sheet(statement(), language)
    assert sheet.title == title
    assert closing is None or sheet.sums == [closing]


def test_a_document_has_an_end() -> None:
    [part] = statement().parts
    moves = [Move(JournalKind.PAYMENT_RECEIVED, DAY, -1)] * ROWS_MAX
    require_short(statement(parts=[replace(part, moves=moves)]))
    with pytest.raises(Invalid, match="shorter"):
        require_short(statement(parts=[replace(part, moves=[*moves, moves[0]])]))


def test_it_is_empty_where_there_is_nothing_to_tell_of() -> None:
    [part] = statement().parts
    assert statement(parts=[replace(part, opening=0, moves=())], open_items=()).is_empty
    assert not statement().is_empty
    assert not statement(parts=[replace(part, opening=1, moves=())], open_items=()).is_empty


def test_a_file_is_called_by_whose_until_when_and_in_what() -> None:
    assert name_statement(statement(), parties()) == "A-000017-2026-03-31-EUR"
