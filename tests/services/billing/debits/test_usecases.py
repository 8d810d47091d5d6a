"""Money on its way is not asked for again; it comes, or it does not, and each after all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from kernel.callers import Caller
from kernel.refusals import Conflict, NotFound
from services.billing.debits import usecases
from services.billing.debits.rules import DebitAction
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.items.queries import list_items
from services.billing.payments.models import Payment

pytestmark = pytest.mark.server


class Fetching:
    """Debits of one account, on the books."""

    def __init__(self, books: Any, account: str) -> None:
        self.books, self.account = books, account
        self.now = {"now": books.now}

    def submit(self, amount: int | None = None, **values: Any) -> Any:
        usual: dict[str, Any] = {"due_by": None, "item_ids": None, "reference": None}
        usual |= {"account_id": self.account, "currency": "EUR", "method": "direct_debit"}
        return usecases.submit_debit(
            self.books.session, amount=amount, **usual | values, **self.books.moment
        )

    def send(self, debit: Any) -> Any:
        for action in (DebitAction.APPROVE, DebitAction.SEND):
            usecases.move_debit(
                self.books.session,
                debit_id=debit.debit_id,
                action=action,
                today=self.books.today,
                by="tester",
            )
        return debit

    def succeed(self, debit: Any, value_date: date | None = None) -> None:
        moment = {name: self.books.moment[name] for name in ("today", "now")}
        caller = Caller("tester", frozenset({"*"}))
        usecases.succeed_debit(
            self.books.session,
            debit_id=debit.debit_id,
            value_date=value_date,
            caller=caller,
            **moment,
        )

    def fail(self, debit: Any, fee: int | None = None) -> None:
        usecases.fail_debit(
            self.books.session,
            debit_id=debit.debit_id,
            fee=fee,
            reason="Insufficient funds.",
            **self.books.moment,
        )

    def cancel(self, debit: Any) -> None:
        usecases.cancel_debit(
            self.books.session, debit_id=debit.debit_id, reason="Not now.", **self.books.moment
        )

    @property
    def items(self) -> list[Item]:
        self.books.session.expire_all()
        page = list_items(self.books.session, limit=10, after=None, account_id=self.account)
        return list(page["items"])

    @property
    def askable(self) -> list[int]:
        return [item.askable for item in self.items]


@pytest.fixture
def fetching(books: Any, account: str) -> Fetching:
    return Fetching(books, account)


def test_what_is_on_its_way_is_not_asked_for_again_until_it_fails(
    books: Any, fetching: Fetching
) -> None:
    books.bill(fetching.account, 9000, due_date=books.today)
    first = fetching.submit(3500)
    second = fetching.submit()
    assert second.amount == 5500
    with pytest.raises(Conflict) as refused:
        fetching.submit()
    assert (refused.value.code, fetching.askable) == ("nothing_to_ask", [0])
    fetching.fail(fetching.send(first))
    assert fetching.askable == [3500]
    fetching.succeed(fetching.send(second))
    [item] = fetching.items
    assert (item.balance, item.in_flight, item.askable) == (3500, 0, 3500)
    assert books.balance(fetching.account) == (3500, 0)
    changed = [each["item"]["in_flight"] for each in books.announced("ItemChanged")]
    assert changed == [3500, 9000, 5500, 0]
    assert [each["status"] for each in books.announced("DebitChanged")] == [
        *("submitted", "submitted", "approved", "in_process", "failed"),
        *("approved", "in_process", "succeeded"),
    ]
    books.check_constraints()


def test_what_succeeded_fails_and_succeeds_after_all(books: Any, fetching: Fetching) -> None:
    invoice = books.bill(fetching.account, 9000, due_date=books.today)
    debit = fetching.send(fetching.submit())
    fetching.succeed(debit)
    assert (invoice.status, debit.status) == ("paid", "succeeded")
    payment_id = debit.payment_id
    fetching.fail(debit)
    assert (invoice.balance, debit.reason) == (9000, "Insufficient funds.")
    assert fetching.askable == [9000]
    fetching.succeed(debit)
    assert (invoice.balance, debit.payment_id, debit.reason) == (0, payment_id, None)
    fetching.fail(debit)
    assert books.balance(fetching.account) == (9000, 0)
    books.check_constraints()


def test_what_failed_succeeds_after_all_though_it_never_had(books: Any, fetching: Fetching) -> None:
    invoice = books.bill(fetching.account, 9000, due_date=books.today)
    debit = fetching.send(fetching.submit())
    fetching.fail(debit)
    fetching.succeed(debit, value_date=books.today)
    assert (invoice.balance, fetching.items[0].in_flight) == (0, 0)


def test_a_payment_reversed_or_reinstated_by_hand_stays_as_it_is(
    books: Any, fetching: Fetching
) -> None:
    invoice = books.bill(fetching.account, 9000, due_date=books.today)
    debit = fetching.send(fetching.submit())
    fetching.succeed(debit)
    books.reverse(books.session.get_one(Payment, debit.payment_id))
    fetching.fail(debit)
    fetching.succeed(debit)
    assert (invoice.balance, debit.status) == (9000, "succeeded")


def test_money_for_what_was_paid_meanwhile_is_unapplied(books: Any, fetching: Fetching) -> None:
    older = books.bill(fetching.account, 1000, due_date=books.today)
    newer = books.bill(fetching.account, 500, due_date=books.today)
    debit = fetching.send(fetching.submit())
    books.pay(fetching.account, 700)
    fetching.succeed(debit)
    assert (older.balance, newer.balance, books.balance(fetching.account)) == (0, 0, (0, 700))


def test_what_is_due_later_is_fetched_only_where_it_is_named(
    books: Any, fetching: Fetching
) -> None:
    books.bill(fetching.account, 100, due_date=books.today)
    later = books.bill(fetching.account, 200, due_date=date(2026, 5, 1))
    assert fetching.submit().amount == 100
    debit = fetching.submit(item_ids=[later.items[0].item_id])
    assert (debit.amount, fetching.askable) == (200, [0, 0])
    fetching.cancel(debit)
    assert fetching.askable == [0, 200]
    stranger = books.bill(books.open_account(), 100).items[0].item_id
    with pytest.raises(NotFound):
        fetching.submit(item_ids=[stranger])


def test_disputed_parts_are_not_fetched(books: Any, fetching: Fetching) -> None:
    books.bill(fetching.account, 45000, due_date=books.today)
    [item] = fetching.items
    item.disputed_total = 13000
    books.session.flush()
    assert fetching.submit().amount == 32000
    assert (fetching.items[0].in_flight, fetching.items[0].askable) == (32000, 0)


def test_an_invoice_is_not_voided_while_money_for_it_is_on_its_way(
    books: Any, fetching: Fetching
) -> None:
    invoice = books.bill(fetching.account, 9000, due_date=books.today)
    debit = fetching.submit()
    with pytest.raises(Conflict) as refused:
        books.void(invoice)
    assert refused.value.code == "debit_on_its_way"
    fetching.cancel(debit)
    assert books.void(invoice).status == "void"


def bank_fees(books: Any, account: str) -> list[tuple[str, int]]:
    """Number and balance of the documents that demand what the bank charged."""
    found = books.session.scalars(
        select(Invoice).where(Invoice.account_id == account, Invoice.assessed > 0)
    )
    return [(str(each.number), each.balance) for each in found]


@pytest.mark.parametrize("had_come", [True, False])
def test_what_the_bank_charged_for_a_debit_that_failed_is_owed_until_it_succeeds_after_all(
    books: Any, fetching: Fetching, had_come: bool
) -> None:
    invoice = books.bill(fetching.account, 9000, due_date=books.today)
    debit = fetching.send(fetching.submit())
    if had_come:
        fetching.succeed(debit)
    fetching.fail(debit, fee=350)
    assert books.balance(fetching.account) == (9350, 0)
    assert bank_fees(books, fetching.account) == [("FEE-2026-000001", 350)]
    assert debit.fee_invoice_id == books.announced("FeePosted")[0]["invoice_id"]
    fetching.succeed(debit)
    books.session.expire_all()
    assert (books.balance(fetching.account), invoice.balance) == ((0, 0), 0)
    assert (bank_fees(books, fetching.account), debit.fee_invoice_id) == (
        [("FEE-2026-000001", 0)],
        None,
    )
    books.check_constraints()


def test_its_fee_goes_with_the_reversal_of_a_debits_payment_whoever_takes_that_back(
    books: Any, fetching: Fetching
) -> None:
    books.bill(fetching.account, 9000, due_date=books.today)
    debit = fetching.send(fetching.submit())
    fetching.succeed(debit)
    fetching.fail(debit, fee=350)
    books.reinstate(debit.reversal_id)
    assert books.balance(fetching.account) == (0, 0)
    fetching.succeed(debit)
    assert (books.balance(fetching.account), debit.fee_invoice_id) == ((0, 0), None)
