"""Whoever names an order names one of the same account."""

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict, NotKnownYet, Refusal

pytestmark = pytest.mark.server


def draft(books, account, order_id, **facts):
    return books.draft(account, 100, order_id=order_id, **facts)


def issue_in_a_batch(books, account, order_id, **facts):
    row = books.demand(account, 100, order_id=order_id, **facts) | {"issued_on": None}
    [result] = books.batch(row)["results"]
    if "code" in result:
        refusal = Refusal(result["code"], result["detail"])
        refusal.errors = result["errors"]
        raise refusal


WAYS = [draft, issue_in_a_batch]


@pytest.mark.parametrize("way", WAYS)
def test_an_order_of_the_account_may_be_named(books, account, way):
    way(books, account, books.order(account))


@pytest.mark.parametrize("way", WAYS)
def test_anothers_order_is_answered_as_one_that_does_not_exist(books, account, way):
    answers = []
    for order_id in (new_id("ord"), books.order(books.open_account())):
        with pytest.raises(Refusal) as refused:
            way(books, account, order_id)
        assert refused.value.errors[0]["field"] == "order_id"
        answers.append((refused.value.code, refused.value.detail.replace(order_id, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == "order_not_found"
    assert books.announced_names() == []


@pytest.mark.parametrize("way", WAYS)
def test_an_order_in_another_currency_is_refused(books, account, way):
    with pytest.raises(Refusal) as refused:
        way(books, account, books.order(account, currency="USD"))
    assert refused.value.code == "other_currency"


def test_an_order_whose_event_has_not_come_is_waited_for(books, account):
    with pytest.raises(NotKnownYet):
        draft(books, account, new_id("ord"))


def test_of_an_order_known_by_its_shipment_only_more_is_learned_later(books, account):
    order_id = new_id("ord")
    books.ship(account, order_id, books.line(100))
    draft(books, account, order_id)
    books.keep_order(account, order_id, version=3, currency=None)
    books.keep_order(account, order_id, version=2, currency="USD")
    draft(books, account, order_id)
    books.keep_order(account, order_id, version=4, currency="USD")
    with pytest.raises(Conflict):
        draft(books, account, order_id)
