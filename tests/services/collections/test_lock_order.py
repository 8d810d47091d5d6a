"""Claims about the order in which things are locked: no two ever wait for each other. Each pair runs on
two connections, and neither goes on from its first lock before the other has one too, if it can."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.collections.dunning import usecases as dunning
from services.collections.dunning.models import Notice
from services.collections.intake.usecases import settle_items
from services.collections.notices.usecases import cancel_notice
from services.collections.placements import usecases as placements
from services.collections.placements.models import Placement, PlacementItem
from services.collections.planning import usecases as planning
from services.collections.procedures.queries import get_default_id
from services.collections.procedures.usecases import assign_procedure, make_default
from tests.services.collections.conftest import Business

pytestmark = pytest.mark.server

DUE, TODAY = date(2031, 1, 31), date(2031, 2, 10)
NOW = datetime(2031, 2, 10, 6, tzinfo=UTC)
BY: dict[str, Any] = {"now": NOW, "by": "service"}
MEET_SECONDS = 1.0

Work = Callable[[Session], Any]


@contextmanager
def _meeting(engine: Engine, count: int) -> Iterator[threading.local]:
    """Whoever has locked rows of a table by a key, both named in its `at`, waits there for the others."""
    barrier, who = threading.Barrier(count), threading.local()

    def meet(_c: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not who.at or not re.search("FOR (NO KEY )?UPDATE", statement) or not cursor.rowcount:
            return
        table, key = who.at
        if f"FROM {table} " in statement and key in str(parameters):
            who.at = None
            with suppress(threading.BrokenBarrierError):  # the other waits for what is locked
                barrier.wait(MEET_SECONDS)

    event.listen(engine, "after_cursor_execute", meet)
    yield who
    event.remove(engine, "after_cursor_execute", meet)


def _at_once(engine: Engine, *works: tuple[tuple[str, str], Work]) -> list[Exception | None]:
    """What went wrong with each, that meet when they have locked those rows; nothing is kept."""
    with _meeting(engine, len(works)) as who:

        def attempt(work: tuple[tuple[str, str], Work]) -> Exception | None:
            with Session(engine) as session:
                who.at, do = work
                try:
                    do(session)
                except (Conflict, DBAPIError) as error:
                    return error
                finally:
                    session.rollback()
            return None

        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(attempt, works))


def _kept(engine: Engine, work: Work) -> Any:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return work(session)


@pytest.fixture
def placed(engine: Engine) -> tuple[dict[str, Any], str]:
    """An item in a placement that is proposed; the placement's id."""

    def prepare(session: Session) -> tuple[dict[str, Any], str]:
        business = Business(session)
        item = business.issue(business.open_account(), due=DUE)
        placement = Placement(
            placement_id=new_id("plc"),
            account_id=item["account_id"],
            currency="EUR",
            amount=item["balance"],
            status="proposed",
            package={"items": [{"due_date": DUE.isoformat()}]},
        )
        session.add(placement)
        session.flush()
        keys = {"placement_id": placement.placement_id, "item_id": item["item_id"]}
        session.add(PlacementItem(account_id=item["account_id"], is_standing=True, **keys))
        return item, placement.placement_id

    kept: tuple[dict[str, Any], str] = _kept(engine, prepare)
    return kept


def _accept(session: Session, placement_id: str) -> None:
    placements.accept_placement(session, placement_id=placement_id, today=TODAY, **BY)


def _withdraw(session: Session, placement_id: str) -> None:
    placements.withdraw_placement(
        session, placement_id=placement_id, reason="They called.", today=TODAY, **BY
    )


def _return(session: Session, placement_id: str) -> None:
    placements.return_placement(
        session, placement_id=placement_id, reason="Incomplete.", today=TODAY, **BY
    )


@pytest.mark.parametrize("decide", [_accept, _withdraw, _return])
def test_a_placement_is_decided_on_while_its_items_are_paid(
    engine: Engine, placed: tuple[dict[str, Any], str], decide: Callable[[Session, str], None]
) -> None:
    item, placement_id = placed
    paid = {key: value for key, value in item.items() if key != "account_id"}
    paid |= {"version": 2, "balance": 0, "status": "paid"}

    def pay(session: Session) -> None:
        settle_items(
            session, [{"account_id": item["account_id"], "items": [paid]}], today=TODAY, **BY
        )

    def decision(session: Session) -> None:
        decide(session, placement_id)

    assert _at_once(
        engine, (("placement", placement_id), decision), (("account", item["account_id"]), pay)
    ) == [None, None]


@pytest.fixture
def previewed(engine: Engine) -> tuple[str, str]:
    """A run that waits for approval, with a letter to each of two accounts; its procedure."""

    def prepare(session: Session) -> tuple[str, str]:
        business = Business(session)
        accounts = [business.open_account() for _ in range(2)]
        procedure_id = business.own_procedure(accounts[0], 5)
        assign_procedure(session, account_id=accounts[1], procedure_id=procedure_id, **BY)
        for account_id in accounts:
            business.issue(account_id, due=DUE)
        run = planning.simulate_run(
            session, run_on=TODAY, procedure_id=procedure_id, today=TODAY, **BY
        )
        return run["run_id"], procedure_id

    kept: tuple[str, str] = _kept(engine, prepare)
    return kept


def _approve_run(session: Session, run_id: str) -> None:
    dunning.approve_run(session, run_id=run_id, today=TODAY, **BY)


def _cancel_run(session: Session, run_id: str) -> None:
    dunning.cancel_run(session, run_id=run_id, reason="Wrong letter.", now=NOW)


def _run_daily(session: Session, _run_id: str) -> None:
    planning.run_dunning_for_day(session, day=TODAY, **BY)


def _cancel_last_notice(session: Session, run_id: str) -> None:
    of_run = select(Notice.notice_id).where(Notice.run_id == run_id)
    notice_id = session.scalars(of_run.order_by(Notice.notice_id.desc())).first()
    assert notice_id is not None
    cancel_notice(session, notice_id=notice_id, reason="They called.", now=NOW)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_approve_run, _cancel_run),
        (_run_daily, _cancel_run),
        (_run_daily, _approve_run),
        (_approve_run, _cancel_last_notice),
    ],
)
def test_a_run_is_approved_cancelled_and_replaced_at_the_same_time(
    engine: Engine,
    previewed: tuple[str, str],
    one: Callable[[Session, str], None],
    other: Callable[[Session, str], None],
) -> None:
    run_id, procedure_id = previewed
    by = procedure_id if one is _run_daily else run_id

    found = _at_once(
        engine,
        (("dunning_run", by), lambda session: one(session, run_id)),
        (("dunning_notice", run_id), lambda session: other(session, run_id)),
    )

    assert found == [None, None]


def test_another_procedure_becomes_the_default_while_the_daily_run_is_made(engine: Engine) -> None:
    def prepare(session: Session) -> tuple[str, str]:
        business = Business(session)
        own = business.own_procedure(business.open_account(), 5)
        return own, get_default_id(session)

    own, default = _kept(engine, prepare)
    assert default < own, "the daily run comes to the default first"

    assert _at_once(
        engine,
        (("dunning_procedure", default), lambda session: _run_daily(session, "")),
        (("dunning_procedure", own), lambda session: make_default(session, procedure_id=own)),
    ) == [None, None]
