"""What is owed is given up, by component, and owed again where that is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.billing.adjustments.models import Adjustment
from services.billing.items.models import Item
from services.billing.reconciliation.queries import reconcile
from services.collections.fees.events import FeeWaived

pytestmark = pytest.mark.server


@pytest.fixture
def owed(books, account):
    """An invoice of 400.00 and 80.00 tax, a fee of 20.00, interest of 4.60; their items."""
    books.bill(account, lines=[books.line(40000, tax="20")])
    books.assess(account, 2000)
    books.assess(account, 460, kind="interest")
    return items_of(books, account)


def items_of(books, account):
    found = select(Item).where(Item.account_id == account).order_by(Item.item_id)
    return books.session.scalars(found.execution_options(populate_existing=True)).all()


def adjustment_of(books, account):
    found = select(Adjustment).where(Adjustment.account_id == account)
    return books.session.scalars(found).one()


def states_of(books, account):
    return [(item.balance, item.written_off, item.status) for item in items_of(books, account)]


def is_true(books):
    books.check_constraints()
    return reconcile(books.session)["differences"] == []


def test_what_was_approved_is_given_up_by_component(books, account, owed):
    write_off_id = books.write_off(account, *((item.item_id, item.balance) for item in owed))
    assert books.balance(account) == (0, 0)
    assert states_of(books, account) == [
        (0, amount, "written_off") for amount in (48000, 2000, 460)
    ]
    [booked] = books.announced("WriteOffBooked")
    assert (booked["write_off_id"], booked["amount"]) == (write_off_id, 50460)
    assert booked["components"] == {"net": 40000, "tax": 8000, "fee": 2000, "interest": 460}
    [made] = books.announced("AdjustmentMade")
    assert (made["kind"], made["components"]) == ("write_off", booked["components"])
    allocations = books.announced("AllocationMade")
    assert {each["adjustment_id"] for each in allocations} == {booked["adjustment_id"]}
    assert {each["item"]["status"] for each in allocations} == {"written_off"}
    assert "InvoicePaid" not in books.announced_names()
    assert is_true(books)


def test_it_is_booked_once_whatever_is_repeated(books, account, owed):
    write_off_id = books.write_off(account, (owed[0].item_id, 100))
    books.write_off(account, (owed[0].item_id, 100), write_off_id=write_off_id)
    assert states_of(books, account)[0] == (47900, 100, "open")
    assert len(books.announced("WriteOffBooked")) == 1


def test_no_more_is_given_up_than_is_still_owed(books, account, owed):
    books.pay(account, 47000, instruction=[instruct(owed[0], 47000)])
    books.write_off(account, (owed[0].item_id, 48000))
    assert states_of(books, account)[0] == (0, 1000, "written_off")
    [booked] = books.announced("WriteOffBooked")
    assert booked["components"] == {"net": 833, "tax": 167, "fee": 0, "interest": 0}
    assert is_true(books)


def instruct(item, amount):
    return {"item_id": item.item_id, "invoice_id": None, "amount": amount}


def unknown_account(books, account, item):
    return new_id("acc"), item.item_id


def unknown_item(books, account, item):
    return account, new_id("itm")


def of_another(books, account, item):
    return books.open_account(), item.item_id


def in_another_currency(books, account, item):
    return account, books.bill(account, 100, currency="USD").items[0].item_id


def paid_meanwhile(books, account, item):
    books.pay(account, 48000, instruction=[instruct(item, 48000)])
    return account, item.item_id


REFUSALS = {
    "account_not_found": unknown_account,
    "item_not_found": unknown_item,
    "other_account": of_another,
    "other_currency": in_another_currency,
    "nothing_owed": paid_meanwhile,
}


@pytest.mark.parametrize("code", REFUSALS)
def test_what_cannot_be_given_up_is_refused_with_a_sentence(books, account, owed, code):
    of, item_id = REFUSALS[code](books, account, owed[0])
    before = books.balance(account)
    write_off_id = books.write_off(of, (item_id, 100))
    [refusal] = books.announced("WriteOffRefused")
    assert (refusal["write_off_id"], refusal["code"]) == (write_off_id, code)
    assert refusal["reason"].endswith(".")
    assert books.balance(account) == before
    assert "WriteOffBooked" not in books.announced_names()


def test_a_reversed_payment_opens_only_what_it_had_paid(books, account, owed):
    payment = books.pay(account, 30000, instruction=[instruct(owed[0], 30000)])
    books.write_off(account, (owed[0].item_id, 18000))
    books.reverse(payment)
    assert states_of(books, account)[0] == (30000, 18000, "open")
    books.pay(account, 30000, instruction=[instruct(owed[0], 30000)])
    assert states_of(books, account)[0] == (0, 18000, "written_off")
    assert is_true(books)


def test_what_is_settled_in_full_is_paid_and_of_whatever_size(books, account, owed):
    books.pay(account, 47990, instruction=[instruct(owed[0], 47990)])
    made = books.settle_item(owed[0].item_id)
    assert (made.kind, made.amount) == ("payment_difference", 10)
    assert states_of(books, account)[0] == (0, 0, "paid")
    assert "InvoicePaid" in books.announced_names()
    assert books.balance(account) == (2460, 0)
    assert is_true(books)


def test_an_invoice_is_settled_with_all_its_items(books, account):
    halves = [
        {"percent": None, "amount": amount, "net_days": days, "due_date": None}
        for amount, days in ((6000, 10), (4000, 40))
    ]
    invoice = books.bill(account, 10000, instalments=halves)
    books.pay(account, 5000)
    assert books.settle_invoice(invoice).amount == 5000
    assert [state for *_, state in states_of(books, account)] == ["paid", "paid"]
    with pytest.raises(Conflict) as refused:
        books.settle_invoice(invoice)
    assert refused.value.code == "nothing_owed"


@pytest.mark.parametrize("kind", ["write_off", "payment_difference"])
def test_what_was_given_up_is_owed_again_when_it_is_taken_back_and_the_past_stays(
    books, account, owed, kind
):
    item_id = owed[0].item_id
    if kind == "write_off":
        books.write_off(account, (item_id, 48000))
    else:
        books.settle_item(item_id)
    given_up_on = books.today
    books.wait(5)
    adjustment = adjustment_of(books, account)
    books.reverse_adjustment(adjustment.adjustment_id)
    assert states_of(books, account)[0] == (48000, 0, "open")
    assert books.owed(account, as_of=given_up_on) == 2460
    assert books.owed(account, as_of=books.today - timedelta(days=1)) == 2460
    assert books.owed(account) == 50460
    [reversed_] = books.announced("AdjustmentReversed")
    assert (reversed_["amount"], reversed_["reason"]) == (48000, "a mistake")
    with pytest.raises(Conflict) as refused:
        books.reverse_adjustment(adjustment.adjustment_id)
    assert refused.value.code == "adjustment_reversed"
    assert is_true(books)


def test_what_was_given_up_is_neither_reversed_nor_refunded_as_if_it_were_money(
    books, account, owed
):
    books.settle_item(owed[0].item_id)
    [allocation_id] = books.allocation_ids()
    for act in (books.reverse_allocation, books.refund_allocation):
        with pytest.raises(Conflict) as refused:
            act(allocation_id)
        assert refused.value.code == "adjustment"
        assert refused.value.facts["adjustment_id"] == adjustment_of(books, account).adjustment_id


def test_what_was_given_up_is_not_credited_too(books, account):
    invoice = books.bill(account, 10000)
    books.pay(account, 6000)
    books.write_off(account, (invoice.items[0].item_id, 4000))
    assert books.credit(invoice).total == 6000
    assert books.balance(account) == (0, 6000)
    with pytest.raises(Conflict) as refused:
        books.credit(invoice, 1)
    assert refused.value.code == "credit_exceeds_invoice"
    assert is_true(books)


def test_of_a_fee_only_what_was_not_given_up_is_waived(books, account):
    fee_id = books.assess(account, 1500)
    [item] = items_of(books, account)
    books.write_off(account, (item.item_id, 1000))
    books.hear_of_fees(books.told_of_fee(FeeWaived, account, fee_id=fee_id, version=2))
    assert books.balance(account) == (0, 0)
    [note] = books.announced("CreditNoteIssued")
    assert note["waived"] == 500
    assert is_true(books)


def test_a_refund_stays_while_its_debit_note_is_given_up(books, account):
    payment = books.pay(account, 10000)
    refund = books.refund(payment, 4000)
    books.reverse(payment)
    [note] = items_of(books, account)
    books.write_off(account, (note.item_id, 1000))
    with pytest.raises(Conflict) as refused:
        books.reverse_refund(refund.refund_id)
    assert refused.value.code == "debit_note_adjusted"
    books.reverse_adjustment(refused.value.facts["adjustment_id"])
    books.reverse_refund(refund.refund_id)
    assert books.balance(account) == (0, 0)
    assert is_true(books)
