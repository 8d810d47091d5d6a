"""Claims about what several do at the same time, against a database that keeps it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from services.collections.contact_dues.models import ContactDue
from services.collections.contact_dues.usecases import review_all_contacts
from services.collections.dunning.models import Run
from services.collections.intake.usecases import settle_items
from services.collections.planning.usecases import simulate_run
from tests.services.collections.conftest import Business

pytestmark = pytest.mark.server

DUE = date(2030, 1, 31)
TODAY = date(2030, 2, 10)
_NOW = {"today": TODAY, "now": datetime(2030, 2, 10, tzinfo=UTC), "by": "service"}


def _kept(engine: Engine, work: Callable[[Session], Any]) -> Any:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return work(session)


def _at_once(engine: Engine, works: list[Callable[[Session], Any]]) -> list[Any]:
    """Each in a transaction of its own, all begun before the first does anything."""
    barrier = Barrier(len(works))

    def run(work: Callable[[Session], Any]) -> Any:
        def begun(session: Session) -> Any:
            session.connection()
            barrier.wait()
            return work(session)

        return _kept(engine, begun)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.parametrize("attempt", range(5))
def test_payments_at_the_same_time_settle_the_contact(engine: Engine, attempt: int) -> None:
    def prepare(session: Session) -> list[dict[str, Any]]:
        business = Business(session)
        account_id = business.open_account()
        items = [business.issue(account_id, due=DUE) for _ in range(4)]
        review_all_contacts(session, today=TODAY)
        return items

    def payment(item: dict[str, Any]) -> Callable[[Session], None]:
        paid = {key: value for key, value in item.items() if key != "account_id"}
        paid |= {"version": 2, "balance": 0, "status": "paid"}
        return lambda session: settle_items(
            session, [{"account_id": item["account_id"], "items": [paid]}], **_NOW
        )

    items = _kept(engine, prepare)
    _at_once(engine, [payment(item) for item in items])

    with Session(engine) as session:
        of_account = ContactDue.account_id == items[0]["account_id"]
        due = session.scalars(select(ContactDue).where(of_account)).one()
    assert (due.is_due, due.amount, due.version) == (False, 0, 5)


def test_the_same_run_asked_for_by_several_is_made_once(engine: Engine) -> None:
    def prepare(session: Session) -> str:
        business = Business(session)
        account_id = business.open_account()
        business.issue(account_id, due=DUE)
        return business.own_procedure(account_id, 5)

    procedure_id = _kept(engine, prepare)

    def simulate(session: Session) -> str:
        run = simulate_run(session, run_on=TODAY, procedure_id=procedure_id, **_NOW)
        run_id: str = run["run_id"]
        return run_id

    assert len(set(_at_once(engine, [simulate] * 4))) == 1
    with Session(engine) as session:
        assert len(session.scalars(select(Run).where(Run.procedure_id == procedure_id)).all()) == 1
