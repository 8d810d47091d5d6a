"""Runs at once bill each thing once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from services.billing.billables.models import Billable
from services.billing.invoices.models import Invoice
from services.billing.reconciliation.queries import reconcile
from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.committing import OldBooks

pytestmark = pytest.mark.server

Result = TypeVar("Result")
AT_ONCE = 4


def test_runs_at_once_over_the_same_accounts_never_bill_the_same_twice(engine: Engine) -> None:
    def committed(act: Callable[[Runs], Result]) -> Result:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            return act(Runs(OldBooks(session)))

    def begin(runs: Runs) -> list[str]:
        accounts = [runs.books.open_account() for _ in range(6)]
        for account in accounts:
            runs.charge(account, 500)
        return accounts

    accounts = committed(begin)
    # In another order each, so that they would wait for each other where they locked as they come.
    planned = [
        committed(lambda runs, some=some: runs.plan(accounts=some))  # type: ignore[misc]
        for some in (accounts, accounts[::-1], accounts[1:], accounts[:4])
    ]
    barrier = Barrier(AT_ONCE)

    def run(run_id: str) -> Any:
        barrier.wait()
        return committed(lambda runs: runs.approve(run_id)["status"])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert [*pool.map(run, planned)] == ["completed"] * AT_ONCE

    def check(runs: Runs) -> None:
        of_these = Invoice.account_id.in_(accounts)
        each = select(Invoice.account_id, func.count()).where(of_these).group_by(Invoice.account_id)
        assert dict(runs.session.execute(each).all()) == dict.fromkeys(accounts, 1)
        pending = select(func.sum(Billable.pending)).where(Billable.account_id.in_(accounts))
        assert runs.session.scalar(pending) == 0
        assert reconcile(runs.session)["differences"] == []

    committed(check)
