"""Runs planned at once state the same days to an account once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.billing.company.models import Company
from services.billing.company.usecases import keep_company
from services.billing.statement_runs import usecases
from services.billing.statement_runs.models import RunStatement, StatementRun
from tests.services.billing.committing import OldBooks
from tests.services.billing.offices import COMPANY

pytestmark = pytest.mark.server
AT_ONCE = 4


def test_runs_planned_at_once_share_them_out(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        books = OldBooks(session)
        had_one = session.scalar(select(Company.company_id)) is not None
        if not had_one:
            keep_company(session, [COMPANY], now=books.now)
        accounts = [books.open_account() for _ in range(5)]
        for account_id in accounts:
            books.bill(account_id, 100)
    barrier = Barrier(AT_ONCE)

    def plan(some: list[str]) -> Any:
        with Session(engine) as session, session.begin():
            books = OldBooks(session)
            days = {"first_day": books.today, "last_day": books.today, "which": "active"}
            asked = {"accounts": some, "currency": None, "statement_day": None, "is_again": False}
            barrier.wait()
            try:
                run = usecases.plan_run(session, **asked, **days, **books.moment)
            except Conflict as refused:
                session.rollback()
                return refused.code
            return run["statement_run_id"]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        orders = [accounts, accounts[::-1], accounts[1:], accounts[:4]]
        planned = [*pool.map(plan, orders)]
    with Session(engine) as session, session.begin():
        of_these = RunStatement.account_id.in_(accounts)
        each = select(RunStatement.account_id, func.count()).where(of_these)
        counts = dict(session.execute(each.group_by(RunStatement.account_id)).all())
        session.execute(delete(RunStatement).where(of_these))
        session.execute(delete(StatementRun).where(StatementRun.statement_run_id.in_(planned)))
        if not had_one:
            session.execute(delete(Company))
    assert counts == dict.fromkeys(accounts, 1)
