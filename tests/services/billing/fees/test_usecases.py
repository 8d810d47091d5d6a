"""What collections assesses is demanded, forgiven when it is waived, and demanded again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.money import TOTAL_MAX
from kernel.refusals import Conflict
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.invoices.queries import EVERY_ISSUED, list_invoices
from services.billing.items.models import Item
from services.billing.items.queries import find_oldest_items
from services.billing.reconciliation.queries import reconcile
from services.billing.reports.queries import report_dso
from services.collections.fees.events import FeeAssessed, FeeReinstated, FeeWaived

pytestmark = pytest.mark.server


def told(books, account, *events, **facts):
    """What collections tells of one fee, one event after the other."""
    fee = {"fee_id": new_id("fee"), "amount": 1500} | facts
    return [
        books.told_of_fee(event, account, version=version, **fee)
        for version, event in enumerate(events, start=1)
    ]


def items_of(books, account):
    """Kind, amount and balance of each item, in the order they were opened."""
    found = books.session.scalars(
        select(Item).where(Item.account_id == account).order_by(Item.item_id)
    )
    return [(item.kind, item.amount, item.balance) for item in found]


def documents_of(books, fee_id):
    found = select(Invoice).where(Invoice.fee_id == fee_id).order_by(Invoice.invoice_id)
    return books.session.scalars(found).all()


def is_true(books):
    books.check_constraints()
    return reconcile(books.session)["differences"] == []


@pytest.mark.parametrize(
    ("kind", "prefix"), [("fee", "FEE-2026-"), ("interest", "INT-2026-"), ("letter", "LET-2026-")]
)
def test_it_is_demanded_on_a_document_of_its_own_with_the_notice(books, account, kind, prefix):
    notice_id = new_id("dnt")
    fee_id = books.assess(account, 1500, kind=kind, notice_id=notice_id)
    [document] = documents_of(books, fee_id)
    assert (document.kind, document.notice_id, document.total) == (kind, notice_id, 1500)
    assert document.number.startswith(prefix)
    [posted] = books.announced("FeePosted")
    assert (posted["fee_id"], posted["invoice_id"]) == (fee_id, document.invoice_id)
    [item] = posted["items"]
    assert (item["kind"], item["balance"], item["due_date"]) == (kind, 1500, "2026-03-02")
    assert posted["account_balance"]["open"] == 1500
    assert "InvoiceIssued" not in books.announced_names()
    assert is_true(books)


def test_it_is_demanded_once_whatever_is_repeated(books, account):
    [assessed] = told(books, account, FeeAssessed)
    books.hear_of_fees(assessed, assessed)
    books.hear_of_fees(assessed)
    assert items_of(books, account) == [("fee", 1500, 1500)]
    assert len(books.announced("FeePosted")) == 1


STORIES = {
    "waived": ((FeeAssessed, FeeWaived), 0),
    "reinstated": ((FeeAssessed, FeeWaived, FeeReinstated), 1500),
}


@pytest.mark.parametrize("story", STORIES)
def test_whatever_the_order_in_which_it_is_told_the_newest_counts(books, story):
    events, owed = STORIES[story]
    for order in permutations(range(len(events))):
        account = books.open_account()
        news = told(books, account, *events)
        for place in order:
            books.hear_of_fees(news[place])
        assert books.balance(account) == (owed, 0), order
        books.hear_of_fees(*news)
        assert books.balance(account) == (owed, 0), order
    assert is_true(books)


def test_what_is_waived_is_credited_without_tax_and_what_was_paid_is_unapplied(books, account):
    assessed, waived = told(books, account, FeeAssessed, FeeWaived)
    books.hear_of_fees(assessed)
    books.pay(account, 600)
    books.hear_of_fees(waived)
    assert items_of(books, account) == [("fee", 1500, 0)]
    assert books.balance(account) == (0, 600)
    [note] = books.announced("CreditNoteIssued")
    assert (note["fee_id"], note["waived"]) == (assessed["fee_id"], 1500)
    assert (note["net"], note["tax"], note["total"]) == (0, 0, 1500)
    assert is_true(books)


def test_what_is_reinstated_is_demanded_by_another_document(books, account):
    news = told(books, account, FeeAssessed, FeeWaived, FeeReinstated)
    for each in news:
        books.hear_of_fees(each)
    first, second = documents_of(books, news[0]["fee_id"])
    assert (first.credited, second.credited) == (1500, 0)
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1
    assert books.balance(account) == (1500, 0)
    assert len(books.announced("FeePosted")) == 2
    assert is_true(books)


def unknown(books):
    return new_id("acc"), {}


def closed(books):
    return books.open_account(status="closed"), {}


def closing(books):
    return books.open_account(status="closing"), {}


def of_another(books):
    invoice = books.bill(books.open_account(), 5000)
    return books.open_account(), {"item_ids": [invoice.items[0].item_id]}


def in_another_currency(books):
    account = books.open_account()
    invoice = books.bill(account, 5000, currency="USD")
    return account, {"item_ids": [invoice.items[0].item_id]}


def without_room(books):
    account = books.open_account()
    for _ in range(9):
        books.bill(account, 10**15)
    return account, {"amount": TOTAL_MAX - 9 * 10**15 + 1}


def long_ago(books):
    return books.open_account(), {"assessed_on": "1969-12-31"}


REFUSALS = {
    "account_not_found": unknown,
    "account_closed": closed,
    "account_closing": closing,
    "other_account": of_another,
    "other_currency": in_another_currency,
    "balance_out_of_range": without_room,
    "too_long_ago": long_ago,
}


@pytest.mark.parametrize("code", REFUSALS)
def test_what_cannot_be_demanded_is_refused_with_a_sentence_and_keeps_nothing_else(
    books, account, code
):
    refused, facts = REFUSALS[code](books)
    before = books.balance(account)
    told_of = [books.told_of_fee(FeeAssessed, refused, fee_id=new_id("fee"), **facts)]
    told_of += told(books, account, FeeAssessed)
    books.hear_of_fees(*told_of)
    books.hear_of_fees(*told_of)
    [refusal] = books.announced("FeeRefused")
    assert (refusal["code"], refusal["fee_id"]) == (code, told_of[0]["fee_id"])
    assert refusal["reason"].endswith(".")
    assert books.balance(account) == (before[0] + 1500, 0)


def test_what_was_refused_is_demanded_when_it_is_reinstated_and_possible(books):
    account = books.open_account(status="closed")
    assessed, waived, reinstated = told(books, account, FeeAssessed, FeeWaived, FeeReinstated)
    books.hear_of_fees(assessed)
    books.hear_of_fees(waived)
    books.open_account(account_id=account, version=2)
    books.hear_of_fees(reinstated)
    assert books.balance(account) == (1500, 0)


def test_many_fees_take_as_many_statements_as_a_few(books):
    def statements(count):
        accounts = [books.open_account() for _ in range(count)]
        news = [told(books, account, FeeAssessed)[0] for account in accounts]
        with books.counted() as sent:
            books.hear_of_fees(*news)
        return len(sent)

    statements(2)
    assert statements(9) <= statements(2)


def test_by_hand_it_is_neither_voided_nor_credited(books, account):
    [document] = documents_of(books, books.assess(account))
    for act in (books.void, books.credit):
        with pytest.raises(Conflict) as refused:
            act(document)
        assert refused.value.code == "assessed_by_collections"


def test_money_that_comes_back_opens_it_again(books, account):
    books.assess(account, 1500)
    payment = books.pay(account, 1500)
    assert books.balance(account) == (0, 0)
    books.reverse(payment)
    assert items_of(books, account) == [("fee", 1500, 1500)]
    assert is_true(books)


def test_it_is_aged_but_is_no_sale(books, account):
    def dso():
        return report_dso(
            books.session,
            first_day=books.today - timedelta(days=29),
            last_day=books.today,
            currency="EUR",
            known_at=None,
            now=books.now,
        )

    books.bill(account, 10000)
    before = dso()
    books.assess(account, 700, kind="interest")
    assert books.owed(account) == 10700
    assert dso() == before


def test_no_credit_note_of_a_sale_waives_anything(books, account):
    books.credit(books.bill(account, 10000), 500)
    note = books.session.scalars(select(CreditNote).where(CreditNote.account_id == account)).one()
    assert (note.waived, note.fee_id) == (0, None)


def test_it_is_listed_by_its_kind_and_its_fee_and_is_told_of_to_nobody_as_an_invoice(
    books, account
):
    sold = books.bill(account, 10000).invoice_id
    fee_id = books.assess(account, 1500)
    [document] = documents_of(books, fee_id)
    nothing = dict.fromkeys(
        ["status", "number", "order_id", "shipment_id", "issued_from", "issued_to", "after"]
    )

    def listed(**asked):
        page = list_invoices(books.session, account_id=account, limit=9, **nothing, **asked)
        return [invoice.invoice_id for invoice in page["items"]]

    assert listed(kind="invoice") == [sold]
    assert listed(kind="fee") == listed(fee_id=fee_id) == [document.invoice_id]
    assert listed(kind="interest") == []
    told = books.session.scalars(EVERY_ISSUED.where(Invoice.account_id == account))
    assert [invoice.invoice_id for invoice in told] == [sold]


def test_it_is_paid_oldest_due_first_like_any_other(books, account):
    books.bill(account, 18000, due_date=date(2026, 3, 10))
    books.wait(20)
    books.assess(account, 1500)
    books.bill(account, 42000)
    found = find_oldest_items(books.session, wanted={(account, "EUR"): 10**6})
    assert [item.kind for item in found] == ["invoice", "fee", "invoice"]
