"""What accounts granted is credited once, or refused with a reason."""

from decimal import Decimal
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.remedies.usecases import answer_remedies
from tests.services.billing.conftest import line

pytestmark = pytest.mark.server


class Accounts:
    """The other side: grants remedies of one account, and hears what becomes of them."""

    def __init__(self, books, account) -> None:
        self.books, self.account = books, account

    def grant(self, amount: int, **facts: Any) -> str:
        remedy = {
            "account_id": self.account,
            "remedy_id": new_id("rem"),
            "kind": "credit",
            "currency": "EUR",
            "amount": amount,
            "is_by_lines": "lines" in facts,
            "invoice_id": None,
            "lines": [],
            "cause": "Damaged on its way",
        } | facts
        answer_remedies(self.books.session, [remedy], **self.books.moment)
        return remedy["remedy_id"]

    @property
    def credited(self):
        return self.books.announced("CreditNoteIssued")

    @property
    def refused(self):
        return self.books.announced("RemedyRefused")


@pytest.fixture
def accounts(books, account) -> Accounts:
    return Accounts(books, account)


def test_a_sum_is_credited_on_its_invoice_with_tax(books, account, accounts):
    invoice = books.bill(account, lines=[line(10000, tax="19")])
    remedy_id = accounts.grant(1190, invoice_id=invoice.invoice_id)
    [note] = accounts.credited
    assert (note["remedy_id"], note["net"], note["tax"]) == (remedy_id, 1000, 190)
    assert (invoice.balance, accounts.refused) == (10710, [])


def test_lines_are_credited_net_as_granted_and_stay_billed(books, account, accounts):
    invoice = books.bill(account, lines=[line(1400, tax="20", quantity="3")])
    part = {"position": 1, "quantity": Decimal(2), "unit_price": 500}
    accounts.grant(1000, invoice_id=invoice.invoice_id, lines=[part], kind="goodwill")
    [note] = accounts.credited
    assert (note["net"], note["tax"]) == (1000, 200)
    [credited] = note["lines"]
    assert (credited["invoice_position"], credited["is_price_reduction"]) == (1, True)


def test_goodwill_for_no_supply_is_a_free_credit_that_corrects_no_tax(books, account, accounts):
    accounts.grant(250, kind="goodwill")
    [note] = accounts.credited
    assert (note["invoice_id"], note["net"], note["tax"], note["total"]) == (None, 250, 0, 250)
    assert note["lines"][0]["description"] == "Goodwill: Damaged on its way"
    assert books.balance(account) == (0, 250)


@pytest.mark.parametrize("kind", ["return", "replacement"])
def test_what_sales_carries_out_is_not_credited(accounts, kind):
    accounts.grant(250, kind=kind)
    assert (accounts.credited, accounts.refused) == ([], [])


def test_it_is_answered_once_whatever_is_repeated(books, account, accounts):
    invoice = books.bill(account, 1000)
    by_hand = new_id("rem")
    books.credit(invoice, 300, remedy_id=by_hand)
    for remedy_id in (new_id("rem"), by_hand):
        for _ in range(2):
            accounts.grant(300, remedy_id=remedy_id, invoice_id=invoice.invoice_id)
    assert (len(accounts.credited), invoice.credited) == (2, 600)
    refused = accounts.grant(500, invoice_id=invoice.invoice_id)
    accounts.grant(100, remedy_id=refused, invoice_id=invoice.invoice_id)
    assert [one["remedy_id"] for one in accounts.refused] == [refused]
    assert invoice.credited == 600


def test_what_cannot_be_credited_is_refused_with_code_and_sentence_and_leaves_nothing(
    books, account, accounts
):
    void = books.void(books.bill(account))
    credited = books.bill(account, 1000)
    books.credit(credited, 900)
    anothers = books.bill(books.open_account())
    mine = books.bill(account)
    [before] = accounts.credited
    accounts.grant(100, invoice_id=void.invoice_id)
    accounts.grant(101, invoice_id=credited.invoice_id)
    accounts.grant(100, invoice_id=anothers.invoice_id)
    accounts.grant(100, invoice_id=mine.invoice_id, currency="USD")
    accounts.grant(100, invoice_id=new_id("inv"))
    part = {"position": 1, "quantity": Decimal(2), "unit_price": 50}
    accounts.grant(100, invoice_id=mine.invoice_id, lines=[part])
    accounts.grant(0, invoice_id=mine.invoice_id)
    assert [one["code"] for one in accounts.refused] == [
        "invoice_void",
        "credit_exceeds_invoice",
        "other_account",
        "other_currency",
        "invoice_not_found",
        "exceeds_line",
        "nothing_credited",
    ]
    assert all(one["reason"].endswith(".") for one in accounts.refused)
    assert accounts.credited == [before]
    books.check_constraints()


@pytest.mark.parametrize("status", ["closing", "closed"])
def test_a_closed_account_gets_no_free_credit(books, accounts, status):
    accounts.account = books.open_account(status=status)
    accounts.grant(100, kind="goodwill")
    assert [one["code"] for one in accounts.refused] == [f"account_{status}"]


def test_an_account_on_its_way_is_waited_for_and_then_refused(books, accounts):
    accounts.account = new_id("acc")
    books.session.info["is_patient"] = True
    with pytest.raises(NotKnownYet):
        accounts.grant(100, kind="goodwill")
    books.session.info["is_patient"] = False
    accounts.grant(100, kind="goodwill")
    assert [one["code"] for one in accounts.refused] == ["account_not_found"]
