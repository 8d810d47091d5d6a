"""A run is there for whoever sees all whom it bills; who sees fewer is told of none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from chassis.doors import rows
from kernel.callers import Caller
from kernel.refusals import NotFound
from services.billing.billing_runs import usecases
from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


@pytest.fixture
def sees(books: Books) -> Iterator[object]:
    """From then on the session is of somebody who sees these accounts alone."""
    held = rows._hold_to_visible

    def see(*account_ids: str) -> None:
        scopes = frozenset({"billing:read", "billing:approve"})
        caller = Caller("lea", scopes, accounts=frozenset(account_ids))
        rows.show_only_visible(books.session, caller)

    yield see
    event.remove(books.session, "do_orm_execute", held)


def planned(books: Books, runs: Runs) -> tuple[str, str, str]:
    one, other = books.open_account(), books.open_account()
    runs.charge(one, 500)
    runs.charge(other, 300)
    return runs.plan(), one, other


def test_who_sees_all_of_them_looks_at_a_run_and_approves_it(
    books: Books, runs: Runs, sees
) -> None:
    run_id, one, other = planned(books, runs)
    sees(one, other)
    assert [bill["total"] for bill in runs.preview(run_id)["counts"]] == [800]
    assert {*runs.bills(run_id)} == {one, other}
    approved = usecases.approve_run(books.session, billing_run_id=run_id, **books.moment)
    assert approved["status"] == "approved"


def test_for_who_sees_fewer_there_is_none(books: Books, runs: Runs, sees) -> None:
    run_id, one, _ = planned(books, runs)
    sees(one)
    moment = {"billing_run_id": run_id, "now": books.now}
    for ask in (
        lambda: runs.run(run_id),
        lambda: runs.preview(run_id),
        lambda: runs.bills(run_id),
        lambda: usecases.approve_run(books.session, **moment, today=books.today, by="lea"),
        lambda: usecases.cancel_run(books.session, **moment, reason="So."),
    ):
        with pytest.raises(NotFound):
            ask()
