"""What accounts tells Prometheus of its tables adds up, costs little, and shows what is lost."""

from __future__ import annotations

import importlib

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete, func, select, text, update

from services.accounts.measures import WORKLIST
from services.accounts.worklist.models import WorklistItem, WorklistOutcome, WorklistTally
from tests.services.accounts.plans import close_items, explain

pytestmark = pytest.mark.server

revision = importlib.import_module("services.accounts.migrations.versions.0023_worklist_tally")


def measured(office) -> tuple[int, ...]:
    """Opened, done, settled, open."""
    return tuple(office.session.execute(text(WORKLIST.statement)).one())


@pytest.fixture
def lists(office) -> None:
    """Of three items that there were one is done, one is settled, and one is open."""
    for table in (WorklistOutcome, WorklistItem, WorklistTally):
        office.session.execute(delete(table))
    facts = {"reason": "callback", "about": "", "sentence": "Call back.", "since": "2026-01-05"}
    owner_id = office.staff()["staff_id"]
    ids = [office.account(owner_id=owner_id, name=f"No. {n}")["account_id"] for n in range(3)]
    for account_id in ids:
        office.hear("sales", "contact_due", account_id=account_id, version=1, **facts)
    told = {"account_id": ids[0], "reason": "callback", "about": ""}
    office.hear("sales", "contact_settled", version=2, **told)
    [line, _] = office.do("get_worklist", staff_id=owner_id)["items"]
    office.do("finish_worklist_item", worklist_item_id=line["worklist_item_id"], outcome="reached")


@pytest.mark.usefixtures("lists")
def test_what_came_and_went_is_counted(office) -> None:
    assert measured(office) == (3, 1, 1, 1)


OPEN, SETTLED = (WorklistItem.status == status for status in ("open", "settled"))


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (delete(WorklistItem).where(OPEN), (3, 1, 1, 0)),
        (update(WorklistItem).where(SETTLED).values(status="done"), (3, 2, 1, 1)),
        (update(WorklistItem).where(SETTLED).values(status="open"), (3, 1, 1, 2)),
    ],
    ids=["lost", "ended twice", "open again"],
)
def test_what_should_never_happen_to_an_item_does_not_add_up(office, wrong, told) -> None:
    office.session.execute(wrong)
    assert measured(office) == told
    assert told[0] != sum(told[1:])


@pytest.mark.usefixtures("lists")
def test_the_tally_is_folded_once_a_day_and_says_the_same(office) -> None:
    before = measured(office)
    office.review_worklists(office.session, day=office.clock.today())
    assert office.session.scalar(select(func.count()).select_from(WorklistTally)) == 1
    assert measured(office) == before


@pytest.mark.usefixtures("lists")
def test_who_had_items_before_there_was_a_tally_begins_with_them(office) -> None:
    before = measured(office)
    with Operations.context(MigrationContext.configure(office.session.connection())):
        revision.downgrade()
        revision.upgrade()
    assert measured(office) == before


def test_closed_items_are_not_gone_through(office) -> None:
    close_items(office, count=2_000)
    plan = explain(office.session, WORKLIST.statement)
    assert "uq_worklist_item_open" in plan
    assert "Seq Scan on worklist_item " not in plan
