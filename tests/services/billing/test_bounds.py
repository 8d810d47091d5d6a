"""An amount is bounded, a sum has room for many, and nobody is told what they cannot hold."""

import pytest

from kernel.money import AMOUNT_MAX, TOTAL_MAX
from kernel.refusals import Conflict
from services.billing.batches.schemas import NewInvoiceBatch
from services.billing.items.schemas import CurrencyBalance
from services.billing.receiving.schemas import NewPayment

pytestmark = pytest.mark.server

FULL = TOTAL_MAX // AMOUNT_MAX  # so many of the largest amounts fit into a balance


def refused_for(field, act):
    with pytest.raises(Conflict) as refused:
        act()
    assert refused.value.code == "balance_out_of_range"
    assert [error["field"] for error in refused.value.errors] == [field]


def test_a_balance_of_many_of_the_largest_amounts_is_announced(books, account):
    for _ in range(FULL):
        books.bill(account, AMOUNT_MAX)
    assert books.balance(account) == (FULL * AMOUNT_MAX, 0)
    assert books.announced("BalanceChanged")[-1]["open"] == FULL * AMOUNT_MAX


def test_an_invoice_that_a_balance_has_no_room_for_is_refused(books, account):
    for _ in range(FULL):
        books.bill(account, AMOUNT_MAX)
    draft = books.draft(account, AMOUNT_MAX)
    refused_for("lines", lambda: books.issue(draft))


def test_money_and_credit_that_a_balance_has_no_room_for_are_refused(books, account):
    for _ in range(FULL):
        books.pay(account, AMOUNT_MAX)
    refused_for("amount", lambda: books.pay(account, AMOUNT_MAX))
    refused_for("lines", lambda: books.credit_freely(account, AMOUNT_MAX))


def test_of_a_batch_only_what_has_no_room_is_refused(books, account):
    other = books.open_account()
    row = books.demand(account, AMOUNT_MAX) | {"issued_on": None}
    small = books.demand(account, 1) | {"issued_on": None}
    result = books.batch(*[row] * (FULL + 1), small, row | {"account_id": other})
    assert [each.get("code", "issued") for each in result["results"]] == [
        *["issued"] * FULL,
        "balance_out_of_range",
        "issued",
        "issued",
    ]
    assert result["results"][FULL]["errors"][0]["field"] == "lines"
    assert books.balance(account) == (FULL * AMOUNT_MAX + 1, 0)


def test_what_is_owed_again_has_no_room_either(books, account):
    payment = books.pay(account, AMOUNT_MAX)
    books.bill(account, AMOUNT_MAX)
    books.allocate(payment)
    for _ in range(FULL):
        books.bill(account, AMOUNT_MAX)
    refused_for("amount", lambda: books.reverse(payment))


def test_the_contract_says_how_much_an_amount_and_a_sum_can_be():
    assert NewPayment().fields["amount"].most == AMOUNT_MAX
    row = NewInvoiceBatch().fields["invoices"].inner.schema
    assert row.fields["lines"].inner.schema.fields["unit_price"].most == AMOUNT_MAX
    for name in ("open", "overdue", "unapplied", "balance"):
        assert CurrencyBalance().fields[name].most == TOTAL_MAX
