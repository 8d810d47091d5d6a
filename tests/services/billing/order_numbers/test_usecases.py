"""What clients call orders that were amended, and bills that waited for it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import event, select

from kernel.ids import new_id
from services.billing.billables.models import Billable
from services.billing.billing_runs.usecases import cancel_run
from services.billing.invoices.models import Invoice
from services.billing.order_numbers.usecases import take_order_numbers
from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


@pytest.fixture
def runs(books: Books) -> Runs:
    return Runs(books)


def amended(account_id: str, order_id: str, number: str | None, version: int = 3) -> dict[str, Any]:
    order = {"account_id": account_id, "order_id": order_id, "version": version}
    return {**order, "client_order_number": number}


def hear(books: Books, *told: dict[str, Any]) -> None:
    take_order_numbers(books.session, told, **books.moment)
    books.session.expire_all()


def numbers(books: Books, account_id: str) -> list[str | None]:
    rows = select(Billable.client_order_number).where(Billable.account_id == account_id)
    return list(books.session.scalars(rows.order_by(Billable.order_id.nulls_last())))


def test_a_bill_that_lacked_the_number_goes_out_with_its_run_once_it_comes(
    books: Books, runs: Runs
) -> None:
    account, order_id = books.open_account(order_number_required=True), new_id("ord")
    runs.charge(account, 400, order_id=order_id)
    run_id = runs.plan()
    assert runs.bill(run_id, account).reason == "order_number_missing"
    hear(books, amended(account, order_id, "PO 9"))
    bill = runs.bill(run_id, account)
    assert (bill.status, bill.is_accepted, runs.run(run_id)["left"]) == ("pending", False, 1)
    runs.approve(run_id)
    bill = runs.bill(run_id, account)
    invoice = books.session.get_one(Invoice, bill.invoice_id)
    assert (bill.status, invoice.client_order_number) == ("invoiced", "PO 9")


def test_it_goes_out_at_once_where_its_run_is_over(books: Books, runs: Runs) -> None:
    account, other = books.open_account(order_number_required=True), books.open_account()
    order_id = new_id("ord")
    runs.charge(account, 400, order_id=order_id)
    runs.charge(other, 100)
    run_id = runs.plan()
    assert runs.approve(run_id)["status"] == "completed_with_parked"
    hear(books, amended(account, order_id, "PO 9"))
    assert runs.bill(run_id, account).status == "invoiced"
    assert runs.run(run_id)["status"] == "completed"
    hear(books, amended(account, order_id, "PO 10", version=4))
    assert numbers(books, account) == ["PO 9"]


def test_a_bill_that_still_lacks_another_orders_number_stays_parked(
    books: Books, runs: Runs
) -> None:
    account, first, second = books.open_account(order_number_required=True), *ids(2)
    runs.charge(account, 400, order_id=first)
    runs.charge(account, 400, order_id=second)
    run_id = runs.plan()
    hear(books, amended(account, first, "PO 1"))
    assert runs.bill(run_id, account).reason == "order_number_missing"
    hear(books, amended(account, second, "PO 2"))
    assert runs.bill(run_id, account).status == "pending"


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_the_newest_number_counts_however_often_and_in_whatever_order_it_is_told(
    books: Books, runs: Runs, order: tuple[int, ...]
) -> None:
    account, order_id = books.open_account(), new_id("ord")
    runs.charge(account, 400, order_id=order_id, client_order_number="PO 1")
    runs.charge(account, 400, client_order_number="PO 1")
    told = [amended(account, order_id, f"PO {version}", version) for version in (3, 4, 5)]
    for index in (*order, *order):
        hear(books, told[index])
    assert numbers(books, account) == ["PO 5", "PO 1"]


def test_without_a_number_nothing_changes_and_a_cancelled_run_stays_so(
    books: Books, runs: Runs
) -> None:
    account, order_id = books.open_account(order_number_required=True), new_id("ord")
    runs.charge(account, 400, order_id=order_id)
    run_id = runs.plan()
    hear(books, amended(account, order_id, None))
    assert runs.bill(run_id, account).status == "parked"
    cancel_run(books.session, billing_run_id=run_id, reason="Not yet.", now=books.now)
    hear(books, amended(account, order_id, "PO 9", version=4))
    assert runs.bill(run_id, account).status == "parked"
    assert numbers(books, account) == ["PO 9"]


def test_many_are_named_in_as_many_statements(books: Books, runs: Runs) -> None:
    def count(orders: int) -> int:
        account, order_ids = books.open_account(), ids(orders)
        for order_id in order_ids:
            runs.charge(account, 400, order_id=order_id)
        asked: list[str] = []

        def note(*given: Any) -> None:
            asked.append(given[2])

        connection = books.session.connection()
        event.listen(connection, "before_cursor_execute", note)
        hear(books, *[amended(account, order_id, "PO 9") for order_id in order_ids])
        event.remove(connection, "before_cursor_execute", note)
        return len(asked)

    assert count(40) == count(2)


def ids(many: int) -> list[str]:
    return [new_id("ord") for _ in range(many)]
