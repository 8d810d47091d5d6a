"""Issue: numbers, dates, items, ledger."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid, NotKnownYet
from services.billing.invoices.models import Invoice
from services.billing.issuing.usecases import bill_shipment
from services.billing.ledger.models import JournalEntry

pytestmark = pytest.mark.server


def line(unit_price, tax, quantity="1"):
    return {
        "description": "Chair",
        "quantity": Decimal(quantity),
        "unit_price": unit_price,
        "tax_percent": Decimal(tax),
    }


def ship(books, account, *, shipment_id, lines):
    bill_shipment(
        books.session,
        account_id=account,
        shipment_id=shipment_id,
        order_id=new_id("ord"),
        currency="EUR",
        lines=lines,
        **books.moment,
    )


def posted(books, document_id):
    entries = books.session.scalars(
        select(JournalEntry).where(JournalEntry.document_id == document_id)
    )
    return {entry.ledger_account: entry.amount for entry in entries}


def test_issue_fixes_number_and_date_and_opens_an_item_due_after_the_accounts_net_days(
    books, account
):
    invoice = books.bill(account, lines=[line(10000, "19")])
    assert invoice.status == "issued"
    assert invoice.number.startswith("2026-")
    assert invoice.issued_on == books.today
    [item] = invoice.items
    assert (item.amount, item.balance, item.due_date) == (11900, 11900, date(2026, 4, 1))
    assert books.balance(account) == (11900, 0)
    books.check_constraints()


def test_an_issue_is_posted_by_net_and_tax(books, account):
    invoice = books.bill(account, lines=[line(10000, "19")])
    assert posted(books, invoice.invoice_id) == {
        "receivables": 11900,
        "revenue": -10000,
        "tax": -1900,
    }


def test_an_issue_is_announced_with_its_items_and_the_balance(books, account):
    invoice = books.bill(account, 10000)
    assert books.announced_names() == ["BalanceChanged", "InvoiceIssued"]
    [issued] = books.announced("InvoiceIssued")
    assert issued["version"] == invoice.version
    assert [item["status"] for item in issued["items"]] == ["open"]
    [balance] = books.announced("BalanceChanged")
    assert (balance["open"], balance["unapplied"], balance["balance"]) == (10000, 0, 10000)
    assert issued["account_balance"] == {name: balance[name] for name in issued["account_balance"]}
    assert issued["account_balance"].keys() == {"version", "open", "unapplied", "balance"}


def test_each_instalment_is_an_item_with_its_own_due_date(books, account):
    empty = {"amount": None, "due_date": None}
    instalments = [
        {"percent": Decimal("33.33"), "net_days": 0} | empty,
        {"percent": Decimal("66.67"), "net_days": 30} | empty,
    ]
    invoice = books.bill(account, 10001, instalments=instalments)
    assert [(item.amount, item.due_date) for item in invoice.items] == [
        (3333, date(2026, 3, 2)),
        (6668, date(2026, 4, 1)),
    ]


def test_the_terms_of_the_account_at_the_issue_count_not_those_at_the_draft(books, account):
    draft = books.draft(account)
    books.open_account(account_id=account, version=2, net_days=7)
    books.session.expire_all()
    assert books.issue(draft).items[0].due_date == date(2026, 3, 9)


def test_an_invoice_may_be_of_a_past_day_but_not_of_one_to_come(books, account):
    past = books.bill(account, issued_on=date(2025, 12, 30))
    assert past.number.startswith("2025-")
    assert past.items[0].due_date == date(2026, 1, 29)
    with pytest.raises(Invalid) as refused:
        books.bill(account, issued_on=date(2026, 3, 3))
    assert refused.value.code == "in_the_future"


def test_a_due_date_given_is_kept(books, account):
    invoice = books.bill(account, due_date=date(2026, 3, 5))
    assert invoice.items[0].due_date == date(2026, 3, 5)


def test_an_invoice_is_issued_once(books, account):
    with pytest.raises(Conflict) as refused:
        books.issue(books.bill(account))
    assert refused.value.code == "invoice_issued"


def test_a_number_is_given_at_issue_in_the_order_of_issue_without_gaps(books, account):
    drafts = [books.draft(account) for _ in range(3)]
    numbers = [int(books.issue(draft).number[-6:]) for draft in reversed(drafts)]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


def test_a_refused_issue_uses_no_number(books, account):
    before = int(books.bill(account).number[-6:])
    draft = books.draft(account)
    books.open_account(account_id=account, version=2, status="closed")
    books.session.expire_all()
    with pytest.raises(Conflict):
        books.issue(draft)
    books.open_account(account_id=account, version=3, status="active")
    books.session.expire_all()
    assert int(books.issue(draft).number[-6:]) == before + 1


def test_a_shipment_is_billed_once_however_often_it_is_heard_of(books, account):
    shipment_id = new_id("shp")
    for _ in range(2):
        ship(books, account, shipment_id=shipment_id, lines=[line(999, "19", "2.5")])
    [invoice] = books.session.scalars(select(Invoice).where(Invoice.account_id == account))
    assert (invoice.status, invoice.shipment_id, invoice.total) == ("issued", shipment_id, 2973)
    assert len(books.announced("InvoiceIssued")) == 1
    assert books.balance(account) == (2973, 0)
    books.check_constraints()


def test_goods_given_away_are_not_billed(books, account):
    ship(books, account, shipment_id=new_id("shp"), lines=[line(0, "19")])
    assert books.announced_names() == []


def test_a_shipment_to_an_account_not_heard_of_yet_waits(books):
    with pytest.raises(NotKnownYet):
        ship(books, new_id("acc"), shipment_id=new_id("shp"), lines=[line(100, "19")])


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

    assert statements(2) == statements(100) <= 10
