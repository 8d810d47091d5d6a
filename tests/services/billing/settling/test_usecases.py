"""What is paid early closes what it pays with less, and what is undone of it undoes that, too."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from services.billing.adjustments.models import Adjustment
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.ledger.models import JournalEntry
from services.billing.reconciliation.queries import reconcile
from services.billing.reports.queries import report_dso
from services.billing.terms.usecases import make_payment_terms
from services.billing.tolerances.queries import get_tolerance
from services.billing.tolerances.usecases import set_tolerance
from services.billing.unapplied.usecases import apply_credit

pytestmark = pytest.mark.server
THREE = {"net_days": 30, "discount_percent": Decimal(3), "discount_days": 10}


def bill(books: Any, account: str, amount: int = 80000, **facts: Any) -> Invoice:
    return books.bill(account, amount, **THREE | facts)


def item_of(books: Any, invoice: Invoice) -> Item:
    books.session.refresh(invoice)
    return invoice.items[0]


def given(books: Any, account: str) -> list[int]:
    """The discounts that stand."""
    books.session.expire_all()
    found = select(Adjustment.amount).where(
        Adjustment.account_id == account, Adjustment.reversed_on.is_(None)
    )
    return sorted(books.session.scalars(found))


def posted(books: Any, account: str) -> dict[str, int]:
    """What the ledger's accounts come to."""
    amount = func.sum(JournalEntry.amount)
    found = (
        select(JournalEntry.ledger_account, amount)
        .where(JournalEntry.account_id == account)
        .group_by(JournalEntry.ledger_account)
        .having(amount != 0)
    )
    return {name: int(total) for name, total in books.session.execute(found)}


@pytest.fixture(autouse=True)
def books_agree(books: Any) -> Any:
    yield
    books.check_constraints()
    assert reconcile(books.session)["differences"] == []


def test_part_payments_in_time_settle_more_than_they_come_to(books, account) -> None:
    invoice = bill(books, account)
    item = item_of(books, invoice)
    assert (item.discount_until, item.discounted_balance) == (
        books.today + timedelta(days=10),
        77600,
    )
    books.pay(account, 40000)
    assert (item.balance, item.discounted_balance, invoice.balance) == (38763, 37600, 38763)
    books.pay(account, 37600)
    assert (item.status, invoice.status, item.discounted_balance) == ("paid", "paid", None)
    assert given(books, account) == [1163, 1237]
    assert books.balance(account) == (0, 0)


def test_a_discount_lowers_net_and_tax_in_proportion(books, account) -> None:
    bill(books, account, lines=[books.line(100000, tax="19")])
    books.pay(account, 115430)
    [made] = books.announced("AdjustmentMade")
    assert (made["kind"], made["amount"]) == ("early_payment_discount", 3570)
    assert made["components"] == {"net": 3000, "tax": 570, "fee": 0, "interest": 0}
    assert posted(books, account) == {
        "cash": 115430,
        "revenue": -100000,
        "tax": -19000 + 570,
        "discounts": 3000,
    }


def test_a_discount_is_no_less_billed(books, account) -> None:
    bill(books, account, currency="NOK", lines=[books.line(100000, tax="19")])
    books.pay(account, 115430, currency="NOK")
    report = report_dso(
        books.session,
        first_day=books.today,
        last_day=books.today,
        currency="NOK",
        known_at=None,
        now=books.now,
    )
    assert (report["billed"], report["receivables"]) == (119000, 0)


def test_what_comes_late_or_is_credit_takes_no_discount(books, account) -> None:
    invoice = bill(books, account)
    books.credit_freely(account, 10000)
    apply_credit(books.session, now=books.now, by=books.by)
    books.wait(11)
    books.pay(account, 10000)
    assert (item_of(books, invoice).balance, given(books, account)) == (60000, [])
    books.pay(account, 58200, value_date=books.today - timedelta(days=1))
    assert (item_of(books, invoice).balance, given(books, account)) == (0, [1800])


def test_money_that_waited_takes_it_when_it_was_there_in_time(books, account) -> None:
    books.pay(account, 77600)
    invoice = bill(books, account)
    books.wait(20)
    apply_credit(books.session, now=books.now, by=books.by)
    assert (item_of(books, invoice).balance, given(books, account)) == (0, [2400])


def test_a_bounced_payment_takes_its_discount_with_it_and_brings_it_back(books, account) -> None:
    invoice = bill(books, account)
    payment = books.pay(account, 77600)
    books.wait(20)
    books.reverse(payment)
    assert (item_of(books, invoice).balance, given(books, account)) == (80000, [])
    assert books.balance(account) == (80000, 0)
    books.reinstate(books.announced("PaymentReversed")[-1]["reversal_id"])
    assert (item_of(books, invoice).balance, given(books, account)) == (0, [2400])
    books.reverse(payment, 37600)
    assert (item_of(books, invoice).balance, given(books, account)) == (38763, [1237])


def test_a_refund_of_what_was_paid_early_takes_its_part_of_the_discount(books, account) -> None:
    invoice = bill(books, account)
    books.pay(account, 77600)
    allocation_id = books.allocation_ids()[0]
    refund = books.refund_allocation(allocation_id, 37600)
    assert (item_of(books, invoice).balance, given(books, account)) == (38763, [1237])
    books.reverse_refund(refund.refund_id)
    assert (item_of(books, invoice).balance, given(books, account)) == (0, [1163, 1237])


def test_crediting_all_gives_back_what_was_paid_and_turns_the_discount_round(
    books, account
) -> None:
    invoice = bill(books, account, lines=[books.line(67227, tax="19")])
    books.pay(account, 77600)
    note = books.credit(invoice)
    assert (note.total, note.unapplied, given(books, account)) == (80000, 77600, [])
    assert books.balance(account) == (0, 77600)
    assert posted(books, account) == {"cash": 77600, "credits": -77600}
    books.void_credit(note)
    assert (item_of(books, invoice).balance, given(books, account)) == (0, [2400])


def test_a_credit_note_in_part_carries_its_part_of_the_discount(books, account) -> None:
    invoice = bill(books, account)
    books.pay(account, 77600)
    half = books.credit(invoice, 40000)
    assert (half.unapplied, given(books, account)) == (38800, [1200])
    rest = books.credit(invoice)
    assert (rest.unapplied, given(books, account)) == (38800, [])
    books.void_credit(half)
    assert given(books, account) == [1200]
    books.void_credit(rest)
    assert given(books, account) == [1200, 1200]
    assert (item_of(books, invoice).balance, books.balance(account)) == (0, (0, 0))


def test_what_is_still_owed_is_credited_first(books, account) -> None:
    invoice = bill(books, account)
    books.pay(account, 40000)
    note = books.credit(invoice, 38763)
    assert (note.unapplied, given(books, account)) == (0, [1237])
    rest = books.credit(invoice)
    assert (rest.unapplied, given(books, account)) == (40000, [])


def test_payments_that_are_paid_early_take_few_statements_however_many(books, account) -> None:
    for _ in range(40):
        bill(books, account, 1000)
    counts = []
    for payments in (1, 20):
        with books.counted() as sent:
            books.receive(*[{"account_id": account, "amount": 970}] * payments)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 19, "\n".join(sent)
    assert len(given(books, account)) == 21


def test_terms_with_a_discount_are_those_of_the_account_that_has_them(books, account) -> None:
    terms = make_payment_terms(
        books.session,
        name="3 % / 10",
        lines=[{"percent": None, "amount": None, "net_days": 30}],
        currency=None,
        business_days="none",
        discount_percent=Decimal(3),
        discount_days=10,
        now=books.now,
        by=books.by,
    )
    books.agree(account, payment_terms_id=terms.payment_terms_id)
    invoice = books.bill(account, 80000)
    assert item_of(books, invoice).discounted_balance == 77600


def tolerate(books: Any, amount: int, percent: str = "1") -> None:
    set_tolerance(
        books.session,
        currency="EUR",
        amount=amount,
        percent=Decimal(percent),
        reason="Bank charges.",
        now=books.now,
        by=books.by,
    )


def test_a_trifle_that_is_missing_is_closed_with_the_payment_and_owed_when_it_bounces(
    books, account
) -> None:
    tolerate(books, 100)
    invoice, other = books.bill(account, 10000), books.bill(account, 10000)
    payment = books.pay(account, 19899)
    assert (invoice.balance, other.balance, books.balance(account)) == (0, 101, (101, 0))
    books.pay(account, 5)
    assert (other.balance, given(books, account)) == (0, [96])
    [made] = books.announced("AdjustmentMade")
    assert made["kind"] == "payment_difference"
    books.reverse(payment)
    assert (other.balance, given(books, account)) == (9899, [96])
    books.reinstate(books.announced("PaymentReversed")[-1]["reversal_id"])
    assert (books.balance(account), given(books, account)) == ((0, 0), [96])


def test_what_is_undone_with_the_payment_is_done_with_it_again(books, account) -> None:
    tolerate(books, 100)
    invoice = books.bill(account, 10000)
    payment = books.pay(account, 9950)
    assert (invoice.balance, given(books, account)) == (0, [50])
    books.reverse(payment)
    assert (invoice.balance, given(books, account)) == (10000, [])
    books.reinstate(books.announced("PaymentReversed")[-1]["reversal_id"])
    assert (invoice.balance, given(books, account)) == (0, [50])
    books.reverse(payment, 20)
    assert (invoice.balance, given(books, account)) == (70, [])


def test_who_pays_next_finds_nothing_of_what_was_given_up(books, account) -> None:
    tolerate(books, 100)
    books.bill(account, 10000)
    row = {"account_id": account, "amount": 9950}
    books.receive(row, row)
    assert (books.balance(account), given(books, account)) == ((0, 9950), [50])


def test_a_trifle_given_up_of_a_claim_goes_with_the_claim(books, account) -> None:
    tolerate(books, 100)
    payment = books.pay(account, 10000)
    refund = books.refund(payment, 10000)
    books.reverse(payment)
    books.pay(account, 9950)
    assert (books.balance(account), given(books, account)) == ((0, 0), [50])
    books.reverse_refund(refund.refund_id)
    assert (books.balance(account), given(books, account)) == ((0, 9950), [])


def test_credit_closes_no_difference(books, account) -> None:
    tolerate(books, 100)
    books.bill(account, 10000)
    books.credit_freely(account, 9950)
    apply_credit(books.session, now=books.now, by=books.by)
    assert (books.balance(account), given(books, account)) == ((50, 0), [])


def test_a_tolerance_is_kept_with_its_history(books) -> None:
    assert get_tolerance(books.session, currency="EUR").version == 0
    tolerate(books, 100)
    tolerate(books, 0)
    now = get_tolerance(books.session, currency="EUR")
    assert (now.version, now.amount, now.set_by) == (2, 0, "tester")
    assert get_tolerance(books.session, currency="USD").amount == 0
