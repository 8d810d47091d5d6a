"""The books compared with themselves."""

import pytest
from sqlalchemy import text

from services.billing.reconciliation.queries import reconcile

pytestmark = pytest.mark.server


def work(books, account):
    first = books.bill(account, 1000)
    books.bill(account, 500)
    books.pay(account, 1200)
    books.credit(first, 100)
    books.refund(books.pay(account, 900), 50)
    books.bill(account, lines=[books.line(800, tax="19")])


def test_books_that_were_only_worked_on_by_use_cases_have_no_difference(books, account):
    work(books, account)
    report = reconcile(books.session)
    assert (report["is_reconciled"], report["differences"]) == (True, [])
    figures = {
        row["check"]: {each["figure"]: each["amount"] for each in row["figures"]}
        for row in report["totals"]
        if row["currency"] == "EUR"
    }
    assert len(set(figures["open"].values())) == 1
    assert figures["unapplied"]["ledger"] >= 650


@pytest.mark.parametrize(
    ("tampering", "check"),
    [
        ("UPDATE item SET balance = balance - 1 WHERE balance > 0", "open"),
        ("UPDATE invoice SET balance = 1 WHERE balance = 0", "open"),
        ("UPDATE account_balance SET open = open + 1 WHERE true", "open"),
        ("UPDATE account_balance SET unapplied = unapplied + 1 WHERE true", "unapplied"),
        ("UPDATE invoice SET net = net - 1, tax = tax + 1 WHERE tax > 0", "tax"),
        ("UPDATE payment SET unapplied = unapplied - 1 WHERE unapplied > 0", "unapplied"),
    ],
)
def test_the_first_cent_of_a_difference_is_found(books, account, tampering, check):
    work(books, account)
    books.session.flush()
    books.session.execute(text(f"{tampering} AND account_id = :id"), {"id": account})
    differences = reconcile(books.session)["differences"]
    assert [(each["check"], each["account_id"]) for each in differences] == [(check, account)]
