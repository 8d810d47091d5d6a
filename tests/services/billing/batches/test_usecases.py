"""Batches: each invoice is issued or refused by itself."""

from datetime import date

import pytest

from kernel.ids import new_id
from kernel.refusals import Invalid

pytestmark = pytest.mark.server


def test_a_batch_issues_what_it_can_and_reports_the_rest_with_place_and_reason(books, account):
    def row(*, of=account, **facts):
        return books.demand(of, 1000, **facts) | {"issued_on": None}

    closed = books.open_account(status="closed")
    broken = Invalid.fields([{"field": "lines/0/quantity", "detail": "Not a valid number."}])
    result = books.batch(
        row(number="B-1"),
        row(due_date=date(2026, 3, 1)),
        row(of=closed),
        row(of=new_id("acc")),
        broken,
        row(number="B-1"),
        row(),
        row() | {"issued_on": date(2026, 3, 3)},
    )
    assert [each.get("code", "issued") for each in result["results"]] == [
        "issued",
        "due_before_issue",
        "account_closed",
        "account_not_found",
        "invalid_fields",
        "number_taken",
        "issued",
        "in_the_future",
    ]
    assert [each["index"] for each in result["results"]] == list(range(8))
    assert (result["issued"], result["refused"]) == (2, 6)
    assert result["results"][4]["errors"][0]["field"] == "lines/0/quantity"
    assert books.balance(account) == (2000, 0)
    books.check_constraints()


def test_a_batch_of_refused_invoices_changes_nothing(books):
    result = books.batch(books.demand(new_id("acc"), 1) | {"issued_on": None})
    assert (result["issued"], books.announced_names()) == (0, [])


def test_a_number_that_was_given_before_is_refused_in_a_batch(books, account):
    books.bill(account, number="B-1")
    result = books.batch(books.demand(account, 1, number="B-1") | {"issued_on": None})
    assert result["results"][0]["code"] == "number_taken"


def test_a_batch_announces_each_account_and_currency_once(books):
    accounts = [books.open_account() for _ in range(3)]
    books.batch(
        *(
            books.demand(account, 1000, currency=currency) | {"issued_on": None}
            for account in accounts
            for currency in ("EUR", "USD")
            for _ in range(2)
        )
    )
    changed = books.announced("BalanceChanged")
    assert len(changed) == 6
    assert {each["open"] for each in changed} == {2000}


def test_a_batch_takes_the_same_number_of_statements_however_many_it_issues(books):
    def statements(count):
        accounts = [books.open_account() for _ in range(count)]
        rows = [books.demand(each, 1000) | {"issued_on": None} for each in accounts]
        with books.counted() as sent:
            books.batch(*rows)
        return len(sent)

    assert statements(2) == statements(100) <= 11
