"""What sales accepted of goods that came back is credited once, or refused with a reason."""

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import Conflict, NotKnownYet
from services.billing.returns.models import ReturnedLine

pytestmark = pytest.mark.server


class Sold:
    """Goods of one order of an account: 24.00 less 10 %, 20 % tax."""

    def __init__(self, books, account) -> None:
        self.books, self.account = books, account
        self.order_id, self.line_id = books.order(account), new_id("orl")

    def send(self, quantity, *, line_id=None, tax="20") -> str:
        sent = self.books.line(2160, tax=tax, quantity=str(quantity))
        sent["order_line_id"] = line_id or self.line_id
        return self.books.ship(self.account, self.order_id, sent)

    def come_back(self, quantity, *kept_back, **facts) -> str:
        came = (self.line_id, quantity, *kept_back)
        return self.books.come_back(self.account, self.order_id, came, **facts)

    @property
    def notes(self):
        return self.books.announced("CreditNoteIssued")

    @property
    def refused(self):
        return self.books.announced("ReturnRefused")


@pytest.fixture
def sold(books, account) -> Sold:
    return Sold(books, account)


def test_what_was_accepted_is_credited_at_the_price_of_then_less_a_fee_and_its_tax(books, sold):
    sold.send(8)
    return_id = sold.come_back(2, 216)
    [note] = sold.notes
    assert (note["net"], note["tax"], note["total"]) == (4104, 821, 4925)
    assert (note["return_id"], note["order_id"]) == (return_id, sold.order_id)
    goods, fee = note["lines"]
    assert (goods["order_line_id"], goods["quantity"], goods["net"]) == (sold.line_id, "2", 4320)
    assert (fee["order_line_id"], fee["net"], fee["description"]) == (
        None,
        -216,
        "Restocking fee: Service",
    )
    assert books.balance(sold.account) == (20736 - 4925, 0)
    [settled] = books.announced("ReturnSettled")
    assert settled["credit_note_ids"] == [note["credit_note_id"]]
    assert (settled["return_id"], settled["not_billed"]) == (return_id, [])
    assert settled["credited"] == [{"order_line_id": sold.line_id, "quantity": "2"}]
    books.check_constraints()


def test_it_is_answered_once_whatever_is_repeated(books, sold):
    sold.send(8)
    return_id = sold.come_back(2)
    sold.come_back(2, return_id=return_id)
    too_many = sold.come_back(7)
    sold.come_back(1, return_id=too_many)
    assert [note["return_id"] for note in sold.notes] == [return_id]
    assert [one["return_id"] for one in sold.refused] == [too_many]


def test_what_somebody_credited_for_it_before_is_the_answer(books, sold):
    sold.send(8)
    [billed] = books.announced("InvoiceIssued")
    return_id = new_id("ret")
    books.credit(books.invoice(billed["invoice_id"]), 100, return_id=return_id)
    sold.come_back(2, return_id=return_id)
    assert len(sold.notes) == 1
    assert books.announced("ReturnSettled", "ReturnRefused") == []


def test_what_several_invoices_billed_is_credited_of_the_newest_first(books, sold):
    for quantity in (4, 2):
        sold.send(quantity)
        books.wait(1)
    oldest, newest = (one["invoice_id"] for one in books.announced("InvoiceIssued"))
    sold.come_back(1)
    return_id = sold.come_back(3, 30)
    sold.come_back(2)
    assert [(note["invoice_id"], note["net"]) for note in sold.notes] == [
        (newest, 2160),
        (newest, 2160 - 10),
        (oldest, 4320 - 20),
        (oldest, 4320),
    ]
    assert [note["return_id"] for note in sold.notes][1:3] == [return_id] * 2
    assert books.invoice(newest).balance == 12  # what was kept back, with its tax


def test_one_of_two_lines_and_rates_comes_back_beside_the_other(books, sold):
    other = new_id("orl")
    goods = [
        books.line(2160, tax=tax, quantity="3") | {"order_line_id": line_id}
        for line_id, tax in ((sold.line_id, "20"), (other, "7"))
    ]
    books.ship(sold.account, sold.order_id, *goods)
    books.come_back(sold.account, sold.order_id, (other, 1), (sold.line_id, "0.5"))
    [note] = sold.notes
    assert [(line["order_line_id"], line["net"]) for line in note["lines"]] == [
        (other, 2160),
        (sold.line_id, 1080),
    ]
    assert (note["net"], note["tax"]) == (3240, 151 + 216)


def test_what_cannot_be_credited_is_refused_with_code_and_sentence_and_leaves_nothing(books, sold):
    sold.send(3)
    books.void(books.invoice(books.announced("InvoiceIssued")[0]["invoice_id"]))
    sold.come_back(1)
    sold.send(2)
    sold.come_back(9)
    sold.come_back(1, 2161)
    books.come_back(books.open_account(), sold.order_id, (sold.line_id, 1))
    sold.come_back(1, currency="USD")
    assert [one["code"] for one in sold.refused] == [
        "return_exceeds_billed",
        "return_exceeds_shipped",
        "kept_back_exceeds_credit",
        "return_exceeds_shipped",
        "return_exceeds_billed",
    ]
    assert all(one["reason"].endswith(".") for one in sold.refused)
    assert sold.notes == []
    books.check_constraints()


def test_what_was_given_away_and_comes_back_is_settled_without_a_credit(books, sold):
    gift = books.line(0, tax="20") | {"order_line_id": sold.line_id}
    books.ship(sold.account, sold.order_id, gift)
    sold.come_back(1)
    [settled] = books.announced("ReturnSettled")
    assert (settled["credited"], settled["credit_note_ids"], sold.refused) == ([], [], [])


def test_goods_whose_shipment_is_on_its_way_are_waited_for(books, sold):
    books.session.info["is_patient"] = True
    with pytest.raises(NotKnownYet):
        sold.come_back(1)


def test_a_return_in_two_parts_is_credited_once_for_each(books, sold):
    sold.send(8)
    return_id = sold.come_back(2)
    for _ in range(2):
        sold.come_back(1, 100, return_id=return_id, part=2)
        sold.come_back(2, return_id=return_id)
    assert [(note["return_part"], note["net"]) for note in sold.notes] == [(1, 4320), (2, 2060)]
    assert [one["part"] for one in books.announced("ReturnSettled")] == [1, 2]
    books.check_constraints()


def test_what_somebody_credited_for_one_part_says_nothing_of_another(books, sold):
    sold.send(8)
    [billed] = books.announced("InvoiceIssued")
    invoice, return_id = books.invoice(billed["invoice_id"]), new_id("ret")
    books.credit(invoice, 100, return_id=return_id, return_part=2)
    sold.come_back(2, return_id=return_id, part=2)
    sold.come_back(1, return_id=return_id)
    assert [note["return_part"] for note in sold.notes] == [2, 1]
    with pytest.raises(Conflict) as refused:
        books.credit(invoice, 100, return_id=return_id, return_part=2)
    assert refused.value.code == "return_credited"


def test_beside_what_comes_back_the_price_of_what_stays_is_lowered(books, sold):
    other = new_id("orl")
    goods = [
        books.line(price, tax="20", quantity="3") | {"order_line_id": line_id}
        for line_id, price in ((sold.line_id, 1400), (other, 5000))
    ]
    books.ship(sold.account, sold.order_id, *goods)
    stays = (other, 1, {"lowered_by": 1000})
    books.come_back(sold.account, sold.order_id, (sold.line_id, 2), stays)
    [note] = sold.notes
    assert note["net"] == 3800
    assert [line["is_price_reduction"] for line in note["lines"]] == [False, True]
    books.check_constraints()


@pytest.mark.parametrize("ways", [[0, 1, 2], [2, 1, 0]])
def test_of_one_line_some_comes_back_and_what_stays_costs_less(books, sold, ways):
    """3 at 21.60: one comes back; of the two that stay one costs 4.00 less, one 1.00."""
    sold.send(3)
    lowered = [{"lowered_by": 400}, {"lowered_by": 100}]
    lines = [(sold.line_id, 1), *((sold.line_id, 1, each) for each in lowered)]
    books.come_back(sold.account, sold.order_id, *(lines[way] for way in ways))
    [note] = sold.notes
    assert note["net"] == 2160 + 500
    assert books.announced("ReturnRefused") == []
    books.come_back(sold.account, sold.order_id, (sold.line_id, 2))
    assert sum(note["net"] for note in sold.notes) == 3 * 2160
    books.check_constraints()


def test_what_came_back_does_not_cost_less_besides(books, sold):
    sold.send(3)
    stays = (sold.line_id, 1, {"lowered_by": 400})
    books.come_back(sold.account, sold.order_id, (sold.line_id, 3), stays)
    [refused] = sold.refused
    assert refused["code"] == "return_exceeds_billed"
    assert "0 is billed and not credited, and 1 is to cost less" in refused["reason"]


def test_goods_that_no_order_had_sold_are_credited_as_they_are_taken_back(books, sold):
    unsold = {"description": "Old lamp", "unit_price": 1000, "tax_percent": "20"}
    line = (sold.line_id, 3, {"unsold": unsold, "kept_back": 150})
    for _ in range(2):
        books.come_back(sold.account, sold.order_id, line, return_id="ret_" + sold.line_id[4:])
    [note] = sold.notes
    assert (note["invoice_id"], note["net"], note["tax"]) == (None, 2850, 570)
    assert [line["net"] for line in note["lines"]] == [3000, -150]
    assert books.balance(sold.account) == (0, 3420)
    books.check_constraints()


def test_each_of_two_lines_of_one_return_about_one_order_line_counts(books, sold):
    """6 of 8 billed goods come back, in two lines, then 3; the books have both."""
    sold.send(4)
    books.wait(1)
    sold.send(4)
    line = sold.line_id
    books.come_back(sold.account, sold.order_id, (line, 3, 100), (line, 3, 20))
    books.come_back(sold.account, sold.order_id, (line, 2), (line, 1))
    [settled] = books.announced("ReturnSettled")
    assert settled["credited"] == [{"order_line_id": line, "quantity": "6"}]
    assert sum(note["net"] for note in sold.notes) == 6 * 2160 - 120
    assert [one["code"] for one in sold.refused] == ["return_exceeds_billed"]
    kept = books.session.scalars(
        select(ReturnedLine.quantity).where(ReturnedLine.order_line_id == line)
    )
    assert sorted(kept) == [3, 6]
