"""An account is agreed to be closed, or something is billed to it, but never both."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.refusals import Refusal
from services.billing.closings.usecases import answer_closing
from tests.services.billing.committing import OldBooks

pytestmark = pytest.mark.server

Act = Callable[[Any, str], Any]


def bill(books, account: str) -> str:
    books.bill(account, 1000)
    return "billed"


def draft(books, account: str) -> str:
    books.draft(account, 1000)
    return "billed"


def batch(books, account: str) -> str:
    [result] = books.batch(books.demand(account, 1000) | {"issued_on": None})["results"]
    return result.get("code", "billed")


def credit(books, account: str) -> str:
    books.credit_freely(account, 1000)
    return "billed"


def close(books, account: str) -> str:
    known = {"number": "A-1", "status": "closing", "net_days": 30}
    answer_closing(books.session, account_id=account, version=2, **known, **books.moment)
    return "agreed" if books.announced("AccountClosingAgreed") else "objected"


@pytest.fixture
def meet(engine, waits_or_ends) -> Callable[[Act, Act], tuple[str, str]]:
    """Do two things to a new account of which the second begins before the first is committed."""

    def do(act: Act, account: str) -> Any:
        with Session(engine) as session, session.begin():
            try:
                return act(OldBooks(session), account)
            except Refusal as refusal:
                return refusal.code

    def meet(first: Act, second: Act) -> tuple[str, str]:
        account = do(lambda books, _: books.open_account(), "")
        with ThreadPoolExecutor(1) as pool, Session(engine) as session:
            with session.begin():
                one = first(OldBooks(session), account)
                other = pool.submit(do, second, account)
                waits_or_ends(other)
            return one, other.result()

    return meet


@pytest.mark.parametrize("act", [bill, draft, batch, credit])
def test_a_closing_waits_for_what_is_being_billed_and_objects(meet, act: Act) -> None:
    assert meet(act, close) == ("billed", "objected")


@pytest.mark.parametrize("act", [bill, draft, batch, credit])
def test_what_is_billed_while_it_is_agreed_to_close_is_refused(meet, act: Act) -> None:
    assert meet(close, act) == ("agreed", "account_closing")


@pytest.mark.parametrize("act", [bill, draft, batch, credit])
def test_who_bills_an_account_does_not_keep_others_from_it(meet, act: Act) -> None:
    assert meet(act, draft) == ("billed", "billed")


def test_a_snapshot_is_stored_while_something_is_billed(meet) -> None:
    assert meet(bill, lambda books, account: books.open_account(account_id=account, version=3))
