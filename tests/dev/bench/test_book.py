"""The clients of a firm at full size are those that the rows look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text

from dev.bench import book

SIZES = {"PEOPLE": 12, "EACH": 5, "LISTED": 6, "BOOK": 4, "ENTRIES": 700, "LONG": 100}
EMPTY = (
    "TRUNCATE account, staff, staff_tree, account_sight, account_balance, account_item, account_order, "
    "case_clock, timeline_entry, timeline_reach, subject_sequence CASCADE"
)
CLAIMS = {
    "SELECT count(*) FROM account": 64,
    "SELECT count(*) FROM account JOIN account_sight USING (account_id) WHERE owner_id = staff_id": 64,
    "SELECT count(*) FROM staff": 14,
    "SELECT count(*) FROM timeline_entry": 700,
    "SELECT count(*) FROM timeline_entry WHERE account_id = '{lead}'": 100,
    "SELECT count(*) FROM account WHERE owner_id = '{predecessor}'": 4,
    "SELECT count(DISTINCT account_id) FROM contact WHERE phone = '+49401000001'": 3,
}
LISTED_IN_VAIN = """
    SELECT account_id FROM worklist_item WHERE status = 'open'
    EXCEPT SELECT account_id FROM worklist_reason WHERE is_standing
"""
"""An open item without a reason, or the other way round, would be put right by the next review."""


@pytest.fixture
def engine(engine_of: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    for name, size in SIZES.items():
        monkeypatch.setattr(book, name, size)
    engine = engine_of("accounts")
    with engine.begin() as connection:
        connection.execute(text(EMPTY))
    yield engine
    with engine.begin() as connection:
        connection.execute(text(EMPTY))


def test_people_report_to_whoever_is_above_them_and_own_accounts_in_turn() -> None:
    assert book.lead() == 31 and [*book.team()] == [182, 183, 184, 185, 186, 187]
    assert [*book.accounts_of(31)][:3] == [31, 221, 411] and len(book.accounts_of(31)) == book.EACH


@pytest.mark.server
def test_there_is_as_much_as_is_said_and_lists_are_whole(engine: Engine) -> None:
    book.fill(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    names = {
        "lead": book.name("acc", book.lead()),
        "predecessor": book.name("stf", book.PEOPLE + 1),
    }
    with engine.connect() as connection:
        found = {claim: connection.scalar(text(claim.format(**names))) for claim in CLAIMS}
        assert found == CLAIMS
        assert connection.execute(text(LISTED_IN_VAIN)).all() == []
