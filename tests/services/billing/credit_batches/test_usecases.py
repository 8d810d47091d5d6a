"""Many credit notes at once: each is issued or refused as if it came alone after those before it."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import Invalid
from services.billing.credits.models import CreditNote
from services.billing.reconciliation.queries import reconcile

pytestmark = pytest.mark.server


def of_line(position, quantity=None, unit_price=None):
    quantity = None if quantity is None else Decimal(quantity)
    return {"position": position, "quantity": quantity, "unit_price": unit_price}


def test_a_batch_issues_what_it_can_and_reports_the_rest_with_place_and_reason(books, account):
    invoice, draft = books.bill(account, 1000), books.draft(account)
    fee_of = books.charge_back(books.pay(account, 100), fee=50).fee_invoice_id
    closed = books.open_account(status="closed")
    broken = Invalid.fields([{"field": "free/lines/0/quantity", "detail": "Not a number."}])
    return_id = new_id("ret")
    of_it, free = {"invoice_id": invoice.invoice_id}, {"lines": [books.line(300)]}
    result = books.credit_batch(
        {**of_it, "amount": 400},
        {**of_it, "amount": 601},
        {"account_id": account, **free, "return_id": return_id},
        {"account_id": account, **free, "return_id": return_id},
        broken,
        {"account_id": closed, **free},
        {"account_id": new_id("acc"), **free},
        {"account_id": account, **free, "order_id": new_id("ord")},
        {"invoice_id": new_id("inv")},
        {"invoice_id": draft.invoice_id},
        {"invoice_id": fee_of},
        {**of_it, "issued_on": date(2026, 3, 3)},
        of_it,
    )
    assert [each.get("code", "issued") for each in result["results"]] == [
        "issued",
        "credit_exceeds_invoice",
        "issued",
        "return_credited",
        "invalid_fields",
        "account_closed",
        "account_not_found",
        "order_not_found",
        "invoice_not_found",
        "invoice_draft",
        "bank_fee",
        "in_the_future",
        "issued",
    ]
    assert (result["issued"], result["refused"]) == (3, 10)
    issued = [each for each in result["results"] if "number" in each]
    assert [each["number"] for each in issued] == [f"CN-2026-00000{n}" for n in (1, 2, 3)]
    assert [(each["total"], each["unapplied"]) for each in issued] == [
        (400, 0),
        (300, 300),
        (600, 0),
    ]
    assert result["results"][1]["errors"][0]["field"] == "on_invoice/amount"
    assert (invoice.balance, invoice.credited) == (0, 1000)
    assert reconcile(books.session)["differences"] == []
    books.check_constraints()


def test_a_batch_of_refused_credit_notes_changes_nothing(books):
    result = books.credit_batch({"invoice_id": new_id("inv")})
    assert (result["issued"], books.announced_names()) == (0, [])


# Of one invoice of three lines at two rates, of which 100 is paid: what leaves less to the next.
STORIES = {
    "lines, a price, amounts, the rest": [
        {"lines": [of_line(1, "2"), of_line(3, "1")]},
        {"lines": [of_line(1, "3", 333)]},
        {"amount": 1234},
        {"lines": [of_line(1, "99")]},
        {"lines": [of_line(2)]},
        {},
        {"amount": 1},
    ],
    "net by rate": [
        {"rates": [{"tax_percent": Decimal("19"), "net": 330}]},
        {"rates": [{"tax_percent": Decimal("19"), "net": 330}]},
        {"rates": [{"tax_percent": Decimal("7"), "net": 10**6}]},
        {"amount": 777},
        {},
    ],
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_what_is_credited_of_one_invoice_at_once_is_what_it_is_one_by_one(books, account, story):
    def bill():
        lines = [
            books.line(999, tax="19", quantity="7"),
            books.line(1111, tax="7"),
            books.line(55, tax="19", quantity="3.5"),
        ]
        order_id = books.order(account)
        return books.bill(account, lines=lines, order_id=order_id).invoice_id

    def facts(invoice_id):
        notes = books.session.scalars(
            select(CreditNote)
            .where(CreditNote.invoice_id == invoice_id)
            .order_by(CreditNote.credit_note_id)
        )
        return [
            (
                (note.net, note.tax, note.unapplied, note.taken_back),
                [(rate.tax_percent, rate.net, rate.tax) for rate in note.rates],
                [(line.quantity, line.unit_price, line.net) for line in note.lines],
            )
            for note in notes
        ]

    together, alone = bill(), bill()
    books.allocate(
        books.pay(account, 300, instruction=[]),
        *(
            {"item_id": None, "invoice_id": invoice_id, "amount": 100}
            for invoice_id in (together, alone)
        ),
    )
    rows = [{"invoice_id": together, **row} for row in story]
    codes = [each.get("code") for each in books.credit_batch(*rows)["results"]]
    one_by_one = [
        books.credit_batch({"invoice_id": alone, **row})["results"][0].get("code") for row in story
    ]
    assert codes == one_by_one
    assert None in codes
    assert facts(together) == facts(alone)
    assert books.invoice(together).balance == books.invoice(alone).balance == 0
    assert reconcile(books.session)["differences"] == []
    books.check_constraints()


def test_free_ones_take_back_what_their_order_was_billed_ahead_the_first_first(books, account):
    order_id = books.order(account)
    books.bill(account, 1000, order_id=order_id)
    row = {"account_id": account, "order_id": order_id, "lines": [books.line(700)]}
    books.credit_batch(row, row)
    taken = select(CreditNote.taken_back).where(CreditNote.account_id == account)
    by = CreditNote.credit_note_id
    assert list(books.session.scalars(taken.order_by(by))) == [700, 300]


def test_what_was_discounted_is_turned_round_in_a_batch_as_it_is_alone(books, account):
    terms = {"net_days": 30, "discount_percent": Decimal(3), "discount_days": 10}
    invoice, other = books.bill(account, 80000, **terms), books.bill(account, 1000)
    of_it, of_other = {"invoice_id": invoice.invoice_id}, {"invoice_id": other.invoice_id}
    books.pay(account, 77600)
    result = books.credit_batch(
        {**of_other, "amount": 300},
        {**of_it, "amount": 40000},
        {**of_it, "amount": 80000},
        {**of_other, "amount": 300},
        of_it,
    )
    assert [each.get("unapplied", each.get("code")) for each in result["results"]] == [
        *(0, 38800, "credit_exceeds_invoice", 0, 38800)
    ]
    assert [each["index"] for each in result["results"]] == list(range(5))
    assert (result["issued"], result["refused"]) == (4, 1)
    assert books.balance(account) == (400, 77600)
    assert reconcile(books.session)["differences"] == []
    books.check_constraints()


def test_a_batch_takes_the_same_number_of_statements_however_many_it_issues(books):
    def statements(count):
        rows = []
        for _ in range(count):
            account = books.open_account()
            lines = [books.line(1000, tax="19"), books.line(500, tax="7")]
            invoice = books.bill(account, lines=lines, order_id=books.order(account))
            rows.append({"invoice_id": invoice.invoice_id, "lines": [of_line(1, "0.5")]})
            rows.append({"invoice_id": invoice.invoice_id, "return_id": new_id("ret")})
            rows.append({"account_id": account, "lines": lines, "remedy_id": new_id("rem")})
        books.session.expire_all()
        with books.counted() as sent:
            assert books.credit_batch(*rows)["refused"] == 0
        return len(sent)

    assert statements(2) == statements(40) <= 28
