"""Whatever is done with a book, in whatever order and at once, each account has one owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kernel.refusals import Refusal
from services.accounts.accounts.models import Account
from services.accounts.hand_over_steps.models import HandOverAccount
from services.accounts.ownership.models import OwnershipPeriod
from services.accounts.sharing.models import Sharing

pytestmark = pytest.mark.server

VERBS = ["pack", "offer", "accept", "return", "cancel"]
ACCOUNTS = 3
DEEDS = st.tuples(st.sampled_from(VERBS), st.none() | st.integers(0, ACCOUNTS - 1), st.booleans())


class Book:
    """A book that is handed over, with what is done to it."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.lea, self.ben, self.cleo = (office.staff()["staff_id"] for _ in range(3))
        self.ada = office.staff(reports_to_id=self.lea)["staff_id"]
        self.accounts = [
            office.account(owner_id=self.ada, name="Kept")["account_id"] for _ in range(ACCOUNTS)
        ]
        sent = {"from_id": self.ada, "to_id": self.ben, "reason": "Leaves.", "by_on": "2026-01-31"}
        self.hand_over_id = office.do("draft_hand_over", **sent)["hand_over_id"]

    def do(self, verb: str, which: int | None, *, goes_on: bool) -> None:
        endpoint = {"accept": "accept_accounts", "return": "return_accounts"}.get(verb)
        sent: dict[str, Any] = {"hand_over_id": self.hand_over_id}
        if endpoint is not None and which is not None:
            sent["accounts"] = [self.accounts[which]]
        if verb == "return":
            sent["missing"] = "All."
        try:
            with self.office.session.begin_nested():
                self.office.do(endpoint or f"{verb}_hand_over", **sent)
        except Refusal:
            self.office.session.info.pop("due", None)
        if goes_on:
            self.office.pass_until(self.office.moment)


def is_whole(session: Session, accounts: list[str]) -> bool:
    """Whether each account has one present owner, the same wherever that stands, and whoever is offered
    it sees it exactly while they are."""
    present = session.execute(
        select(OwnershipPeriod.account_id, OwnershipPeriod.staff_id).where(
            OwnershipPeriod.account_id.in_(accounts), OwnershipPeriod.until_on.is_(None)
        )
    ).all()
    owners = session.execute(
        select(Account.account_id, Account.owner_id).where(Account.account_id.in_(accounts))
    ).all()
    offered = session.scalars(
        select(HandOverAccount.account_id).where(
            HandOverAccount.account_id.in_(accounts), HandOverAccount.status == "offered"
        )
    )
    seen = session.scalars(
        select(Sharing.account_id).where(
            Sharing.account_id.in_(accounts), Sharing.status == "standing"
        )
    )
    return sorted(present) == sorted(owners) and sorted(offered) == sorted(seen)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(deeds=st.lists(DEEDS, max_size=9))
def test_one_owner_at_every_moment_whatever_is_done(
    office: Any, deeds: list[tuple[str, int | None, bool]]
) -> None:
    with office.session.begin_nested() as savepoint:
        book = Book(office)
        for verb, which, goes_on in deeds:
            book.do(verb, which, goes_on=goes_on)
            office.session.flush()
            assert is_whole(office.session, book.accounts)
        savepoint.rollback()
    office.due_times.clear()
    office.session.info.clear()


def accept(hand_over_id: str, account_id: str) -> Callable[[Any], Any]:
    sent = {"hand_over_id": hand_over_id, "accounts": [account_id]}
    return lambda office: office.do("accept_accounts", **sent)["status"]


def turn_down(hand_over_id: str, account_id: str) -> Callable[[Any], Any]:
    sent = {"hand_over_id": hand_over_id, "accounts": [account_id], "missing": "All."}
    return lambda office: office.do("return_accounts", **sent)["status"]


def change_owner(account_id: str, owner_id: str) -> Callable[[Any], Any]:
    sent = {"account_id": account_id, "owner_id": owner_id, "reason": "Asked for."}
    return lambda office: office.do("change_owner", **sent)["owner_id"]


def step(book: Book, verb: str) -> Callable[[Any], Any]:
    def work(office: Any) -> None:
        book.office = office
        book.do(verb, None, goes_on=True)

    return work


def owners_of(engine: Engine, accounts: list[str]) -> dict[str, list[str]]:
    """The present owners of each account."""
    found: dict[str, list[str]] = {one: [] for one in accounts}
    with Session(engine) as session:
        for period in session.scalars(
            select(OwnershipPeriod).where(
                OwnershipPeriod.account_id.in_(accounts), OwnershipPeriod.until_on.is_(None)
            )
        ):
            found[period.account_id].append(period.staff_id)
    return found


def test_one_owner_after_all_is_done_at_once(engine: Engine, at_once: Any) -> None:
    for _ in range(4):
        [book] = at_once(Book)
        at_once(step(book, "pack"))
        at_once(step(book, "offer"))
        first, second, third = book.accounts
        at_once(
            accept(book.hand_over_id, first),
            turn_down(book.hand_over_id, first),
            change_owner(first, book.cleo),
            accept(book.hand_over_id, second),
            accept(book.hand_over_id, third),
        )
        owners = owners_of(engine, book.accounts)
        assert len(owners[first]) == 1
        assert owners[first][0] != book.ada
        assert owners[second] == owners[third] == [book.ben]
