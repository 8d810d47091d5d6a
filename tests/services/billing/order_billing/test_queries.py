"""What is billed of an order, after whatever became of it."""

import pytest

from kernel.ids import new_id
from kernel.refusals import NotFound
from services.billing.order_billables.usecases import keep_billables
from services.billing.order_billing.queries import get_order_billing

pytestmark = pytest.mark.server


def test_each_line_of_an_order_shows_what_became_of_it(books, account):
    order_id, tea, gift = books.order(account), new_id("orl"), new_id("orl")

    def send(line_id, quantity, price=2160):
        sent = books.line(price, tax="20", quantity=quantity) | {"order_line_id": line_id}
        books.ship(account, order_id, sent)

    def look():
        books.session.expire_all()
        found = get_order_billing(books.session, order_id=order_id)
        assert (found["account_id"], found["number"]) == (account, "SO-100001")
        names = ("shipped", "returned", "billed", "credited", "to_bill")
        return {
            line.order_line_id: tuple(int(getattr(line, name)) for name in names)
            for line in found["lines"]
        }

    assert look() == {}
    send(tea, "5")
    send(tea, "3")
    send(gift, "1", 0)
    assert look() == {tea: (8, 0, 8, 0, 0)}  # what was given away is not billed
    books.come_back(account, order_id, (tea, 2, 216))
    assert look()[tea] == (8, 2, 8, 2, 0)
    books.come_back(account, order_id, (tea, 7))
    assert look()[tea] == (8, 9, 8, 2, -7)  # refused, and back all the same
    first, _ = (books.invoice(one["invoice_id"]) for one in books.announced("InvoiceIssued"))
    books.credit_lines(first, (1, "1", 100))
    assert look()[tea] == (8, 9, 8, 2, -7)  # a lower price leaves it billed
    send(tea, "2")
    books.void(books.invoice(books.announced("InvoiceIssued")[-1]["invoice_id"]))
    assert look()[tea] == (10, 9, 8, 2, -5)


def test_what_is_agreed_of_an_order_that_is_billed_on_order_is_to_be_billed(books, account):
    order_id, tea, cup = books.order(account), new_id("orl"), new_id("orl")

    def hear(version, *lines):
        told = [
            {"line_id": line_id, "description": "Tea", "quantity": quantity, "kept": kept}
            for line_id, quantity, kept in lines
        ]
        names = {"account_id": account, "order_id": order_id, "version": version}
        keep_billables(books.session, [names | {"lines": told}])

    def look():
        books.session.expire_all()
        lines = get_order_billing(books.session, order_id=order_id)["lines"]
        return [(line.order_line_id, line.agreed, line.to_bill) for line in lines]

    hear(2, (tea, 9, 0), (cup, 2, 0))
    assert look() == [(tea, 9, 9), (cup, 2, 2)]
    hear(4, (tea, 7, 0), (cup, 0, 0))
    hear(3, (tea, 8, 0), (cup, 2, 0))
    assert look() == [(tea, 7, 7), (cup, 0, 0)]
    other = books.open_account()
    hear_of = {"account_id": other, "order_id": order_id, "version": 9}
    strange = {"line_id": new_id("orl"), "description": "Tea", "quantity": 1, "kept": 0}
    keep_billables(books.session, [hear_of | {"lines": [strange]}])
    assert len(look()) == 2, "another's line says nothing of it"


def test_an_order_that_nobody_heard_of_is_not_there(books):
    with pytest.raises(NotFound, match="There is no confirmed order"):
        get_order_billing(books.session, order_id=new_id("ord"))
