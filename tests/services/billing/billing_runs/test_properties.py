"""On quiet books what is foreseen is what is issued, and nothing is billed twice or forgotten."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.billing.billables.models import Billable
from services.billing.invoices.models import Invoice, InvoiceLine
from services.billing.reconciliation.queries import reconcile
from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server

THINGS = st.lists(
    st.tuples(
        st.integers(0, 3),  # whose
        st.sampled_from(["EUR", "EUR", "USD"]),
        st.decimals(-5, 20, places=3).filter(bool),
        st.integers(0, 10**5),
        st.sampled_from(["0", "7", "19"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(THINGS, st.lists(st.integers(0, 3), max_size=2))
def test_what_is_foreseen_is_issued_and_all_adds_up(
    session: Session, things: list[tuple[int, str, Decimal, int, str]], skipped: list[int]
) -> None:
    with session.begin_nested() as savepoint:
        books = Books(session)
        runs = Runs(books)
        accounts = sorted(books.open_account() for _ in range(4))
        for whose, currency, quantity, unit_price, tax in things:
            facts = {"currency": currency, "tax_percent": Decimal(tax)}
            runs.charge(accounts[whose], unit_price, quantity=str(quantity), **facts)
        run_id = runs.plan()
        for place in {*skipped}:
            bill = runs.bills(run_id).get(accounts[place])
            if bill is not None and (bill.status, bill.currency) == ("pending", "EUR"):
                runs.skip(run_id, accounts[place])
        foreseen = runs.run(run_id)["counts"]
        assert runs.approve(run_id)["status"] == "completed"
        check(session, runs, run_id, foreseen)
        savepoint.rollback()


def check(session: Session, runs: Runs, run_id: str, foreseen: list[dict[str, object]]) -> None:
    issued = runs.run(run_id)["counts"]
    assert Counter((one["currency"], one["bills"], one["total"]) for one in issued) == Counter(
        (one["currency"], one["bills"], one["total"]) for one in foreseen
    )
    invoiced = {one["currency"]: one["total"] for one in issued if one["status"] == "invoiced"}
    of_run = select(Invoice.currency, func.sum(Invoice.total)).where(
        Invoice.billing_run_id == run_id
    )
    assert {
        row[0]: row[1] for row in session.execute(of_run.group_by(Invoice.currency))
    } == invoiced
    on_lines = dict(
        session.execute(
            select(InvoiceLine.billable_id, func.sum(InvoiceLine.quantity)).group_by(
                InvoiceLine.billable_id
            )
        ).all()
    )
    for one in session.scalars(select(Billable)):
        assert on_lines.get(one.billable_id, 0) == one.billed
        assert one.billed in (0, one.quantity)
    assert reconcile(session)["differences"] == []
