"""Disputes, as collections tells them."""

from itertools import permutations

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.credits.models import CreditNote
from services.billing.disputes.queries import list_disputes
from services.billing.disputes.usecases import take_disputes
from services.billing.items.models import Item

pytestmark = pytest.mark.server


def items_of(books, invoice):
    found = select(Item).where(Item.invoice_id == invoice.invoice_id).order_by(Item.position)
    return books.session.scalars(found).all()


def item_of(books, invoice):
    [item] = items_of(books, invoice)
    return item


def notes(books, account):
    found = select(CreditNote).where(CreditNote.account_id == account)
    return books.session.scalars(found.order_by(CreditNote.credit_note_id)).all()


def parts(books, item):
    listed = list_disputes(books.session, item_id=item.item_id, limit=9, after=None)["items"]
    names = ("remaining", "settled", "credited", "released")
    return [tuple(one[name] for name in names) for one in listed]


def decide(books, item, told, upheld, *, version=2, **facts):
    told = told | {"contested": 0, "upheld": upheld, "version": version, "status": "upheld"}
    return books.dispute(item, **(told | facts))


def refusals(books):
    return [data["code"] for data in books.announced("DisputeCreditRefused")]


def test_a_disputed_part_is_left_out_and_what_is_upheld_is_credited(books, account):
    """450.00 of which 130.00 are disputed; 350.00 come in; 80.00 are upheld."""
    item = item_of(books, books.bill(account, lines=[books.line(37815, tax="19")]))
    told = books.dispute(item, 13000)
    assert (item.balance, item.disputed, item.askable) == (45000, 13000, 32000)

    payment = books.pay(account, 35000)
    assert (payment.unapplied, item.balance, item.askable) == (3000, 13000, 0)
    assert parts(books, item) == [(13000, 0, 0, 0)]

    decide(books, item, told, 8000, status="partly_upheld")
    [note] = notes(books, account)
    assert (note.total, note.dispute_id, note.unapplied) == (8000, told["dispute_id"], 0)
    assert [(rate.tax_percent, rate.net, rate.tax) for rate in note.rates] == [(19, 6723, 1277)]
    assert (item.balance, item.disputed, item.askable) == (5000, 0, 5000)
    assert books.balance(account) == (5000, 3000)  # of which collections asks for 20.00
    assert parts(books, item) == [(0, 0, 8000, 5000)]
    books.check_constraints()


def test_each_change_of_what_is_disputed_is_told_in_a_version_of_its_own(books, account):
    item = item_of(books, books.bill(account, 10000))
    told = books.dispute(item, 3000)
    books.dispute(item, 5000, dispute_id=told["dispute_id"], version=2)
    books.dispute(item, 2000)
    books.dispute(item, 0, dispute_id=told["dispute_id"], version=3, amount=5000)

    changes = [data["item"] for data in books.announced("ItemChanged")]
    assert [(one["version"], one["disputed"]) for one in changes] == [
        (2, 3000),
        (3, 5000),
        (4, 7000),
        (5, 2000),
    ]


def test_the_newest_word_counts_in_whatever_order_and_however_often_it_comes(books, account):
    words = [
        {"version": 1, "contested": 3000},
        {"version": 2, "contested": 5000, "amount": 5000},
        {"version": 3, "contested": 0, "amount": 5000, "upheld": 4000, "status": "partly_upheld"},
    ]
    for order in permutations(words):
        item = item_of(books, books.bill(account, 10000))
        dispute_id = new_id("dsp")
        for word in (*order, *order):
            books.dispute(item, **({"dispute_id": dispute_id, "amount": 3000} | word))
        assert (item.balance, item.disputed) == (6000, 0)
        assert parts(books, item) == [(0, 0, 4000, 1000)]
    assert [note.total for note in notes(books, account)] == [4000] * 6


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_what_is_not_upheld_is_asked_for_again(books, account, status):
    item = item_of(books, books.bill(account, 10000))
    decide(books, item, books.dispute(item, 3000), 0, status=status)
    assert (item.disputed, item.askable, notes(books, account)) == (0, 10000, [])
    assert parts(books, item) == [(0, 0, 0, 3000)]


def test_what_is_upheld_is_set_against_its_own_item_first(books, account):
    halves = [
        {"percent": 50, "amount": None, "net_days": days, "due_date": None} for days in (10, 40)
    ]
    first, second = items_of(books, books.bill(account, 10000, instalments=halves))
    decide(books, second, books.dispute(second, 4000), 4000)
    assert (first.balance, second.balance) == (5000, 1000)


def test_what_of_a_dispute_was_paid_all_the_same_is_credit(books, account):
    item = item_of(books, books.bill(account, 10000))
    told = books.dispute(item, 3000)
    books.pay(
        account, 10000, instruction=[{"item_id": item.item_id, "invoice_id": None, "amount": 10000}]
    )
    assert parts(books, item) == [(0, 3000, 0, 0)]
    decide(books, item, told, 3000)
    assert [note.unapplied for note in notes(books, account)] == [3000]


@pytest.mark.parametrize(
    ("before", "upheld", "code"),
    [
        (lambda books, invoice: books.credit(invoice, 9000), 3000, "credit_exceeds_invoice"),
        (lambda books, invoice: books.void(invoice), 3000, "invoice_void"),
        (lambda books, invoice: None, 3001, "more_than_disputed"),
    ],
)
def test_what_cannot_be_credited_is_refused_once(books, account, before, upheld, code):
    invoice = books.bill(account, 10000)
    item = item_of(books, invoice)
    told = books.dispute(item, 3000)
    before(books, invoice)
    decided = decide(books, item, told, upheld)
    books.dispute(item, **decided)

    assert refusals(books) == [code]
    assert item.disputed == 0
    [listed] = list_disputes(books.session, item_id=item.item_id, limit=9, after=None)["items"]
    assert listed["refusal"]


def test_a_dispute_is_credited_once_also_by_hand(books, account):
    item = item_of(books, books.bill(account, 10000))
    told = books.dispute(item, 3000)
    decide(books, item, told, 2000)
    decide(books, item, told, 2000, version=7)
    assert refusals(books) == []
    decide(books, item, told, 3000, version=9)
    assert refusals(books) == ["dispute_credited"]
    assert [note.total for note in notes(books, account)] == [2000]


def test_an_item_that_is_not_the_accounts_own_is_waited_for_and_then_refused(books, account):
    item = item_of(books, books.bill(books.open_account(), 10000))
    for wrong in ({"account_id": account}, {"currency": "USD"}, {"item_id": new_id("itm")}):
        books.session.info["is_patient"] = True
        with pytest.raises(NotKnownYet):
            books.dispute(item, 100, **wrong)
        books.session.info["is_patient"] = False
        books.dispute(item, 100, **wrong)
    assert refusals(books) == ["item_not_found"] * 3
    assert item.disputed == 0


def test_however_many_are_told_at_once_it_takes_as_many_statements(books, account):
    def told(count):
        many = []
        for _ in range(count):
            owner = books.open_account()
            item = item_of(books, books.bill(owner, 10000))
            many.append(
                {
                    "account_id": owner,
                    "dispute_id": new_id("dsp"),
                    "version": 1,
                    "item_id": item.item_id,
                    "currency": "EUR",
                    "amount": 100,
                    "contested": 100,
                    "upheld": 0,
                    "status": "opened",
                    "reason": "-",
                }
            )
        with books.counted() as statements:
            take_disputes(books.session, many, **books.moment)
        return len(statements)

    assert told(2) == told(7)
