"""Money received, and what it is set against."""

from datetime import date

import pytest
from sqlalchemy import select, update

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid, NotKnownYet
from services.billing.allocations.queries import list_allocations
from services.billing.items.models import Item
from services.billing.ledger.models import JournalEntry
from services.billing.payments.queries import list_payments

pytestmark = pytest.mark.server


def for_item(item, amount):
    return {"item_id": item.item_id, "invoice_id": None, "amount": amount}


def for_invoice(invoice, amount):
    return {"item_id": None, "invoice_id": invoice.invoice_id, "amount": amount}


def test_oldest_item_is_paid_first(books, account):
    later = books.bill(account, 1000, due_date=date(2026, 5, 1))
    sooner = books.bill(account, 1000, due_date=date(2026, 4, 1))
    payment = books.pay(account, 1500)
    assert (sooner.status, later.balance, payment.status) == ("paid", 500, "applied")


def test_an_item_due_after_any_day_that_is_let_in_now_is_paid(books, account):
    invoice = books.bill(account, 1000)
    of_invoice = update(Item).where(Item.invoice_id == invoice.invoice_id)
    books.session.execute(of_invoice.values(due_date=date.max))  # as it was let in once
    books.pay(account, 1000)
    assert invoice.status == "paid"


def test_what_is_left_of_a_payment_is_unapplied(books, account):
    books.bill(account, 1000)
    payment = books.pay(account, 1500)
    assert (payment.allocated, payment.unapplied, payment.status) == (1000, 500, "unapplied")
    assert books.balance(account) == (0, 500)
    books.check_constraints()


def test_a_payment_of_an_account_that_owes_nothing_is_unapplied(books, account):
    assert books.pay(account, 1500).unapplied == 1500
    assert books.announced_names() == ["PaymentReceived", "BalanceChanged"]


def test_an_instruction_is_followed_and_the_rest_stays_unapplied(books, account):
    older, newer = books.bill(account, 1000), books.bill(account, 1000)
    payment = books.pay(account, 1500, instruction=[for_invoice(newer, 700)])
    assert (older.balance, newer.balance, payment.unapplied) == (1000, 300, 800)


def test_the_source_of_an_allocation_is_kept(books, account):
    invoice = books.bill(account, 1000)
    instructed = books.pay(account, 100, instruction=[for_item(invoice.items[0], 100)])
    policy = books.pay(account, 100)

    def source(payment):
        page = list_allocations(books.session, limit=10, after=None, payment_id=payment.payment_id)
        return [row.source for row in page["items"]]

    assert (source(instructed), source(policy)) == (["instruction"], ["ours"])


def test_an_invoice_is_paid_when_its_last_item_is(books, account):
    empty = {"percent": None, "due_date": None}
    halves = [{"amount": 500, "net_days": days} | empty for days in (0, 30)]
    invoice = books.bill(account, 1000, instalments=halves)
    books.pay(account, 500, value_date=date(2026, 3, 2))
    assert (invoice.status, [item.status for item in invoice.items]) == ("issued", ["paid", "open"])
    books.wait(10)
    books.pay(account, 500, value_date=date(2026, 3, 9))
    assert (invoice.status, invoice.paid_on) == ("paid", date(2026, 3, 9))
    [paid] = books.announced("InvoicePaid")
    assert paid["paid_on"] == "2026-03-09"


def test_an_invoice_is_paid_on_the_last_value_date_even_when_learned_first(books, account):
    invoice = books.bill(account, 1000)
    books.wait(20)
    books.pay(account, 500, value_date=date(2026, 3, 20))
    books.pay(account, 500, value_date=date(2026, 3, 10))
    assert invoice.paid_on == date(2026, 3, 20)


def test_a_payment_is_announced_with_what_it_settles_and_the_balance_once(books, account):
    first, _second = books.bill(account, 1000), books.bill(account, 1000)
    books.session.info["announced"].clear()
    books.pay(account, 1500)
    assert books.announced_names() == [
        "PaymentReceived",
        "AllocationMade",
        "AllocationMade",
        "InvoicePaid",
        "BalanceChanged",
    ]
    made = books.announced("AllocationMade")
    assert [each["item"]["balance"] for each in made] == [0, 500]
    assert [each["item"]["status"] for each in made] == ["paid", "open"]
    assert books.announced("InvoicePaid")[0]["invoice_id"] == first.invoice_id
    [balance] = books.announced("BalanceChanged")
    assert (balance["version"], balance["balance"]) == (3, 500)


def test_currencies_are_never_mixed(books, account):
    euros = books.bill(account, 1000)
    dollars = books.bill(account, 1000, currency="USD")
    books.pay(account, 2500, currency="USD")
    assert (euros.balance, dollars.balance) == (1000, 0)
    assert books.balance(account, "EUR") == (1000, 0)
    assert books.balance(account, "USD") == (0, 1500)
    with pytest.raises(Conflict) as refused:
        books.pay(account, 100, currency="USD", instruction=[for_invoice(euros, 100)])
    assert refused.value.code == "other_currency"


def test_a_payment_pays_nothing_of_another_account(books, account):
    other = books.bill(books.open_account(), 1000)
    with pytest.raises(Conflict) as refused:
        books.pay(account, 100, instruction=[for_invoice(other, 100)])
    assert refused.value.code == "other_account"


def test_a_value_date_may_be_past_but_not_to_come(books, account):
    assert books.pay(account, 100, value_date=date(2025, 1, 1)).value_date == date(2025, 1, 1)
    with pytest.raises(Invalid) as refused:
        books.pay(account, 100, value_date=date(2026, 3, 3))
    assert refused.value.code == "in_the_future"


def test_a_closed_account_may_still_pay(books, account):
    invoice = books.bill(account, 1000)
    books.open_account(account_id=account, version=2, status="closed")
    books.pay(account, 1000)
    assert invoice.status == "paid"


def test_a_payment_of_an_account_not_heard_of_yet_waits(books):
    with pytest.raises(NotKnownYet):
        books.pay(new_id("acc"), 100)


def test_unapplied_money_is_allocated_later_oldest_first_or_as_instructed(books, account):
    payment = books.pay(account, 1500)
    older, newer = books.bill(account, 1000), books.bill(account, 1000)
    books.allocate(payment, for_invoice(newer, 200))
    assert (older.balance, newer.balance, payment.unapplied) == (1000, 800, 1300)
    books.allocate(payment)
    assert (older.balance, newer.balance, payment.unapplied) == (0, 500, 0)
    assert books.balance(account) == (500, 0)
    books.check_constraints()


def test_nothing_is_allocated_of_a_payment_that_is_used_up(books, account):
    books.bill(account, 1000)
    payment = books.pay(account, 500)
    with pytest.raises(Conflict) as refused:
        books.allocate(payment)
    assert refused.value.code == "nothing_unapplied"


def test_no_more_is_allocated_than_is_unapplied(books, account):
    payment = books.pay(account, 100)
    invoice = books.bill(account, 1000)
    with pytest.raises(Invalid) as refused:
        books.allocate(payment, for_invoice(invoice, 101))
    assert refused.value.code == "instruction_exceeds_amount"


def test_allocating_where_nothing_is_owed_changes_nothing(books, account):
    payment = books.pay(account, 100)
    names = books.announced_names()
    books.allocate(payment)
    assert (payment.unapplied, books.announced_names()) == (100, names)


def test_money_that_was_there_before_the_invoice_pays_it_from_its_first_day(books, account):
    payment = books.pay(account, 1000)
    books.wait(10)
    books.bill(account, 1000)
    books.wait(10)
    books.allocate(payment)
    [made] = books.announced("AllocationMade")
    assert made["effective_on"] == "2026-03-12"


def test_a_payment_is_posted_as_cash_and_its_allocations_against_receivables(books, account):
    books.bill(account, 1000)
    payment = books.pay(account, 1500, value_date=books.today)
    entries = books.session.scalars(
        select(JournalEntry).where(JournalEntry.account_id == account)
    ).all()
    sums = {}
    for entry in entries:
        sums[entry.ledger_account] = sums.get(entry.ledger_account, 0) + entry.amount
    assert sums == {"receivables": 0, "revenue": -1000, "cash": 1500, "unapplied_cash": -500}
    assert payment.unapplied == 500


def test_payments_are_listed_newest_first_and_by_filter(books, account):
    books.bill(account, 100)
    used, left = books.pay(account, 100), books.pay(account, 100)
    none = dict.fromkeys(("status", "reference", "value_date_from", "value_date_to"))

    def listed(**facts):
        wanted = none | {"account_id": account, "limit": 10, "after": None} | facts
        return [each.payment_id for each in list_payments(books.session, **wanted)["items"]]

    assert listed() == [left.payment_id, used.payment_id]
    assert listed(status="unapplied") == [left.payment_id]
    assert listed(value_date_to=date(2026, 3, 1)) == []
