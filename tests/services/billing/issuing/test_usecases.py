"""Issue: numbers, dates, items, ledger."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from kernel.refusals import Conflict, Invalid
from services.billing.introductions import InvoiceIntroduced
from services.billing.invoices.models import Invoice
from services.billing.invoices.queries import EVERY_ISSUED
from services.billing.ledger.models import JournalEntry

pytestmark = pytest.mark.server


def line(unit_price, tax, quantity="1"):
    return {
        "description": "Chair",
        "quantity": Decimal(quantity),
        "unit_price": unit_price,
        "tax_percent": Decimal(tax),
    }


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


def test_an_issue_is_announced_with_its_lines(books, account):
    books.bill(account, lines=[line(1400, "19", "2.5"), line(1000, "7")])
    [issued] = books.announced("InvoiceIssued")
    assert issued["lines"] == [
        {
            "position": 1,
            "description": "Chair",
            "quantity": "2.5",
            "unit_price": 1400,
            "net": 3500,
            "tax_percent": "19.00",
            "tax_code": "standard",
            "exemption_reason": None,
            "order_line_id": None,
            **dict.fromkeys(("service_from", "service_until", "shipment_id")),
        },
        {
            "position": 2,
            "description": "Chair",
            "quantity": "1",
            "unit_price": 1000,
            "net": 1000,
            "tax_percent": "7.00",
            "tax_code": "standard",
            "exemption_reason": None,
            "order_line_id": None,
            **dict.fromkeys(("service_from", "service_until", "shipment_id")),
        },
    ]


def test_an_invoice_is_introduced_as_it_was_announced(books, account):
    books.draft(account, 100)
    sold = books.bill(account, lines=[line(1400, "19", "2.5"), line(1000, "7")])
    books.void(books.bill(account, 500))
    announced = {one["invoice_id"]: one for one in books.announced("InvoiceIssued")}
    found = books.session.scalars(EVERY_ISSUED.where(Invoice.account_id == account))
    introduced = [InvoiceIntroduced().dump(invoice) for invoice in found]
    assert len(introduced) == 2
    for told in introduced:
        assert told.pop("is_void") == (told["invoice_id"] != sold.invoice_id)
        assert told == {name: announced[told["invoice_id"]][name] for name in told}


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
