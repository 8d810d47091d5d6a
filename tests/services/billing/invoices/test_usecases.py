"""Drafts and voids."""

from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.calendar import add_months
from kernel.refusals import Conflict, Invalid, VersionMismatch
from services.billing.invoices.queries import list_invoices

pytestmark = pytest.mark.server

NO_FILTER = dict.fromkeys(
    ("status", "number", "order_id", "shipment_id", "issued_from", "issued_to")
)


def test_a_draft_owes_nothing_and_has_no_number(books, account):
    draft = books.draft(account, 10000)
    assert (draft.status, draft.number, draft.total, draft.balance) == ("draft", None, 10000, 0)
    assert books.balance(account) == (0, 0)
    assert books.announced_names() == []


@pytest.mark.parametrize("is_in_parts", [False, True])
def test_a_draft_is_due_at_most_50_years_ahead(books, account, is_in_parts):
    def draft(days):
        due = add_months(books.today, 600) + timedelta(days=days)
        part = {"percent": Decimal(100), "amount": None, "net_days": None, "due_date": due}
        return books.draft(
            account, **({"instalments": [part]} if is_in_parts else {"due_date": due})
        )

    assert draft(0).status == "draft"
    with pytest.raises(Invalid) as refused:
        draft(1)
    assert refused.value.code == "too_far_ahead"
    field = "instalments/0/due_date" if is_in_parts else "due_date"
    assert refused.value.errors[0]["field"] == field


def test_a_closed_account_gets_no_invoice(books):
    closed = books.open_account(status="closed")
    with pytest.raises(Conflict) as refused:
        books.draft(closed)
    assert refused.value.code == "account_closed"


def test_a_number_given_from_outside_is_kept_to_the_letter_and_given_once(books, account):
    assert books.bill(account, number="0007042").number == "0007042"
    assert books.bill(account, number="7042").number == "7042"
    assert books.bill(account, number="0007042", series="shop").series == "shop"
    with pytest.raises(Conflict) as refused:
        books.draft(account, number="0007042")
    assert refused.value.code == "number_taken"


def test_a_void_invoice_is_owed_no_more(books, account):
    invoice = books.bill(account, 10000)
    books.wait(3)
    books.void(invoice)
    assert (invoice.status, invoice.balance, invoice.voided_on) == ("void", 0, books.today)
    assert [(item.status, item.balance) for item in invoice.items] == [("void", 0)]
    assert books.balance(account) == (0, 0)
    books.check_constraints()


def test_voiding_announces_the_items_as_void(books, account):
    books.void(books.bill(account, 10000))
    [voided] = books.announced("InvoiceVoided")
    assert [(item["status"], item["version"]) for item in voided["items"]] == [("void", 2)]
    assert books.announced("BalanceChanged")[-1]["balance"] == 0


def test_an_invoice_in_part_paid_cannot_be_voided_until_its_allocations_are_reversed(
    books, account
):
    invoice = books.bill(account, 10000)
    books.pay(account, 100)
    with pytest.raises(Conflict) as refused:
        books.void(invoice)
    assert refused.value.code == "invoice_allocated"
    books.reverse_allocation(*books.allocation_ids())
    assert books.void(invoice).status == "void"


def test_nothing_can_be_set_against_a_void_invoice(books, account):
    invoice = books.void(books.bill(account, 10000))
    instruction = [{"invoice_id": invoice.invoice_id, "item_id": None, "amount": 1}]
    with pytest.raises(Conflict) as refused:
        books.pay(account, 100, instruction=instruction)
    assert refused.value.code == "more_than_owed"


def test_a_change_on_top_of_an_old_version_is_refused(books, account):
    invoice = books.bill(account)
    books.session.info["if_match"] = {invoice.invoice_id: invoice.version - 1}
    with pytest.raises(VersionMismatch):
        books.void(invoice)


def test_invoices_are_listed_newest_first_and_by_filter(books, account):
    first, second = books.bill(account), books.bill(account)
    books.pay(account, first.total)

    def listed(**facts):
        wanted = NO_FILTER | {"account_id": account, "limit": 10, "after": None} | facts
        return [each.invoice_id for each in list_invoices(books.session, **wanted)["items"]]

    assert listed() == [second.invoice_id, first.invoice_id]
    assert listed(status="paid") == [first.invoice_id]
    assert listed(status="issued") == [second.invoice_id]
    assert listed(number=first.number) == [first.invoice_id]
    assert listed(issued_from=books.today, issued_to=books.today) == listed()
