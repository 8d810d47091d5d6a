"""A statement says what the ledger says: what was owed, what moved it, and what is owed then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.refusals import Invalid
from services.billing.statements.queries import get_statement, list_open_items
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


def tell(books: Books, account_id: str, first: date, last: date, **page: Any) -> dict[str, Any]:
    return get_statement(
        books.session,
        account_id=account_id,
        currency="EUR",
        first_day=first,
        last_day=last,
        known_at=page.pop("known_at", None),
        now=books.now,
        **{"limit": 100, "after": None} | page,
    )


def moves(told: dict[str, Any]) -> list[tuple[str, int, int]]:
    return [(one["kind"], one["amount"], one["balance"]) for one in told["items"]]


def open_items(books: Books, account_id: str, day: date) -> list[tuple[str, int]]:
    page = list_open_items(
        books.session,
        account_id=account_id,
        as_of=day,
        known_at=None,
        currency=None,
        limit=100,
        after=None,
        today=books.today,
        now=books.now,
    )
    return [(one.invoice_number, one.open) for one in page["items"]]


@pytest.fixture
def story(books: Books, account: str) -> list[date]:
    """An invoice of 100.00 on the first day, 60.00 paid on the second, 30.00 of another credited on the
    third, and 10.00 of the payment bounced on the fourth."""
    first = books.today
    invoice = books.bill(account, 10000)
    books.wait(1)
    payment = books.pay(account, 6000)
    books.wait(1)
    other = books.bill(account, 5000)
    books.credit(other, 3000)
    books.wait(1)
    books.reverse(payment, amount=1000)
    assert invoice.balance + other.balance == 7000
    return [first + timedelta(days=days) for days in range(4)]


def test_what_moved_it_is_told_with_what_was_owed_then(
    books: Books, account: str, story: list[date]
) -> None:
    told = tell(books, account, story[1], story[3])
    assert (told["opening"], told["closing"]) == (10000, 7000)
    assert moves(told) == [
        ("payment_received", -6000, 4000),
        ("invoice_issued", 5000, 9000),
        ("credit_note_issued", -3000, 6000),
        ("payment_reversed", 1000, 7000),
    ]
    assert told["items"][1]["name"] == "2026-000002"


def test_pages_and_periods_follow_on_one_another(
    books: Books, account: str, story: list[date]
) -> None:
    whole = tell(books, account, story[0], story[3])
    paged, after = [], None
    while True:
        page = tell(books, account, story[0], story[3], limit=2, after=after)
        paged += moves(page)
        after = page["next_after"]
        if after is None:
            break
    assert paged == moves(whole)
    days = [tell(books, account, day, day) for day in story]
    assert [move for day in days for move in moves(day)] == moves(whole)
    assert [day["opening"] for day in days[1:]] == [day["closing"] for day in days[:-1]]


def test_what_was_open_then_is_listed(books: Books, account: str, story: list[date]) -> None:
    assert [open_items(books, account, day) for day in story] == [
        [("2026-000001", 10000)],
        [("2026-000001", 4000)],
        [("2026-000001", 4000), ("2026-000002", 2000)],
        [("2026-000001", 5000), ("2026-000002", 2000)],
    ]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-03-02", "2026-03-01", "period_reversed"),
        ("2020-01-01", "2026-01-01", "period_too_long"),
    ],
)
def test_of_which_days_it_cannot_tell(
    books: Books, account: str, first: str, last: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        tell(books, account, date.fromisoformat(first), date.fromisoformat(last))
    assert refused.value.code == code
