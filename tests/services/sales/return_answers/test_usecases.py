"""What came back is credited once for each part, whatever is heard in whatever order; or replaced."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid
from services.sales.orders.models import Order
from services.sales.return_answers import queries, schemas
from services.sales.returns.models import Return
from tests.services.sales.returning import Desk

pytestmark = pytest.mark.server


@pytest.fixture
def desk(shop: Any) -> Desk:
    return Desk(shop)


@pytest.fixture
def inspected(desk: Desk) -> Return:
    """Of 8 sold 3 have come back: 2 restocked, 1 rejected."""
    found = desk.receive(desk.post(desk.authorise(desk.ask(desk.sell()))))
    return desk.inspect(found, "2", "0", "1")


def test_what_was_accepted_is_credited_less_a_fee_of_5_percent(
    desk: Desk, inspected: Return
) -> None:
    desk.credit(inspected, "5")
    [told] = desk.told("return_accepted")
    assert (told["return_id"], told["part"], told["currency"]) == (inspected.return_id, 1, "EUR")
    assert told["lines"] == [
        {
            "line_id": inspected.lines[0].line_id,
            "quantity": "2",
            "kept_back": 216,
            "lowered_by": None,
            "unsold": None,
        }
    ]
    assert (inspected.status, inspected.waits_for) == ("inspected", "billing")
    with pytest.raises(Conflict) as refused:
        desk.credit(inspected)
    assert refused.value.code == "nothing_to_answer"


@pytest.mark.parametrize("fee", ["100", "99.999"])
def test_a_fee_that_leaves_nothing_to_credit_is_refused(
    desk: Desk, inspected: Return, fee: str
) -> None:
    with pytest.raises(Invalid, match=f"A fee of {fee} % would keep back all") as refused:
        desk.credit(inspected, fee)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (
        "nothing_credited",
        "restocking_fee_percent",
    )
    desk.credit(inspected, "99")
    assert inspected.waits_for == "billing"


def test_what_cost_nothing_comes_back_whatever_the_fee(shop: Any) -> None:
    free = Desk(shop, unit_price=0)
    found = free.inspect(free.receive(free.authorise(free.ask(free.sell()))), "3")
    assert free.credit(found, "100").waits_for == "billing"


@pytest.mark.parametrize(
    "heard",
    [["settled"], ["settled", "settled"], ["note", "settled"], ["settled", "note"], ["note"] * 2],
)
def test_it_is_credited_once_whatever_is_heard_in_whatever_order(
    desk: Desk, inspected: Return, heard: list[str]
) -> None:
    desk.credit(inspected)
    key = new_id("crn")
    for one in heard:
        desk.settle(inspected, 1, key) if one == "settled" else desk.note(inspected, key)
    assert (inspected.status, inspected.waits_for) == ("credited", None)
    assert desk.quantities(inspected)["credited"] == "2"
    assert [one["credit_note_ids"] for one in desk.told("return_credited")] == [[key]]


def test_each_part_is_credited_for_what_came_in_it(desk: Desk) -> None:
    found = desk.receive(desk.authorise(desk.ask(desk.sell())), "2")
    desk.credit(desk.inspect(found, "2"))
    desk.settle(found, 1, new_id("crn"))
    assert (found.status, found.waits_for) == ("inspected", "goods")
    desk.credit(desk.inspect(desk.receive(found), "0", "1"))
    assert found.waits_for == "billing"
    desk.settle(found, 2, new_id("crn"))
    desk.settle(found, 1, new_id("crn"))
    assert found.status == "credited"
    told = desk.told("return_accepted")
    assert [(one["part"], one["lines"][0]["quantity"]) for one in told] == [(1, "2"), (2, "1")]
    assert [one["part"] for one in desk.told("return_credited")] == [1, 2]


def test_what_billing_cannot_credit_is_raised_to_a_person_until_they_have(
    desk: Desk, inspected: Return
) -> None:
    desk.credit(inspected)
    for _ in range(2):
        desk.not_credited(inspected)
    assert (inspected.status, inspected.waits_for) == ("inspected", "credit_by_hand")
    [due] = desk.told("contact_due")
    assert (due["reason"], due["about"]) == ("return_not_credited", inspected.return_id)
    assert "credit it by hand" in due["sentence"]
    desk.note(inspected, new_id("crn"))
    assert (inspected.status, inspected.problem) == ("credited", None)
    [settled] = desk.told("contact_settled")
    assert settled["version"] > due["version"]


def test_a_problem_of_one_part_stays_while_another_goes_on(desk: Desk) -> None:
    found = desk.receive(desk.authorise(desk.ask(desk.sell())), "2")
    desk.credit(desk.inspect(found, "2"))
    desk.not_credited(found)
    desk.credit(desk.inspect(desk.receive(found), "1"))
    desk.settle(found, 2, new_id("crn"))
    assert (found.waits_for, len(desk.told("contact_settled"))) == ("credit_by_hand", 0)
    desk.note(found, new_id("crn"), part=1)
    assert (found.status, len(desk.told("contact_settled"))) == ("credited", 1)


def test_what_somebody_credited_before_is_the_answer(desk: Desk, inspected: Return) -> None:
    desk.note(inspected, new_id("crn"))
    assert inspected.waits_for == "answer"
    desk.credit(inspected)
    assert (inspected.status, len(desk.told("return_credited"))) == ("credited", 1)


def test_what_a_void_credit_note_credited_is_to_be_credited_anew(
    desk: Desk, inspected: Return
) -> None:
    desk.credit(inspected)
    first, second = new_id("crn"), new_id("crn")
    desk.settle(inspected, 1, first)
    for _ in range(2):
        desk.note(inspected, first, is_void=True)
    assert (inspected.status, inspected.waits_for) == ("inspected", "credit_by_hand")
    assert "CN-1 was voided" in desk.told("contact_due")[0]["sentence"]
    desk.settle(inspected, 1, first)
    assert inspected.status == "inspected"
    desk.note(inspected, second)
    assert inspected.status == "credited"
    assert desk.quantities(inspected)["credited"] == "2"


def test_that_a_credit_note_is_void_may_be_heard_before_its_issue(
    desk: Desk, inspected: Return
) -> None:
    desk.credit(inspected)
    key = new_id("crn")
    desk.note(inspected, key, is_void=True)
    desk.note(inspected, key)
    assert inspected.waits_for == "billing"


def test_a_replacement_is_ordered_for_nothing_and_confirmed_at_once(
    desk: Desk, inspected: Return
) -> None:
    desk.replace(inspected)
    assert (inspected.status, inspected.waits_for) == ("replaced", None)
    [told] = desk.told("return_replaced")
    order = desk.session.get_one(Order, told["replacement_order_id"])
    [line] = order.lines
    assert (line.quantities.ordered, line.net_unit_price, order.total_gross) == (2, 0, 0)
    assert (order.status, order.replaces_return_id) == ("confirmed", inspected.return_id)
    assert desk.told("return_accepted") == []
    desk.send_all(order)
    assert desk.told("shipment_sent")[-1]["lines"][0]["unit_price"] == 0


def test_an_account_whose_limit_is_used_up_gets_its_replacement(desk: Desk, shop: Any) -> None:
    found = desk.inspect(desk.receive(desk.authorise(desk.ask(desk.sell()))), "3")
    shop.open_account(account_id=found.account_id, version=2, credit_limit=0)
    desk.replace(found)
    assert found.status == "replaced"


def test_of_two_parts_one_is_credited_and_the_other_replaced(desk: Desk) -> None:
    found = desk.receive(desk.authorise(desk.ask(desk.sell())), "2")
    desk.credit(desk.inspect(found, "2"))
    desk.replace(desk.inspect(desk.receive(found), "1"))
    assert (found.status, found.waits_for) == ("inspected", "billing")
    desk.settle(found, 1)
    assert found.status == "credited"
    assert desk.quantities(found)["replaced"] == "1"


def test_what_billing_says_of_a_return_that_is_not_known_is_let_be(
    desk: Desk, inspected: Return
) -> None:
    unknown = Return(return_id=new_id("ret"))
    desk.settle(unknown)
    desk.not_credited(unknown)
    desk.settle(inspected)
    desk.not_credited(inspected, part=7)
    assert (inspected.status, inspected.waits_for) == ("inspected", "answer")


def test_the_page_shows_the_whole_chain(desk: Desk, inspected: Return) -> None:
    key = new_id("crn")
    desk.credit(inspected, "5")
    desk.settle(inspected, 1, key)
    found = queries.get_return(desk.session, return_id=inspected.return_id)
    page = schemas.ReturnPage().dump(found)
    assert [(step["action"], step["event"], step["by"]) for step in page["steps"]] == [
        ("requested", "return_requested", "kim"),
        ("authorised", "return_authorised", "kim"),
        ("sent", "return_sent", "kim"),
        ("received", "return_received", "kim"),
        ("inspected", "return_inspected", "kim"),
        ("credited", "return_accepted", "kim"),
        ("settled", "return_credited", "billing"),
    ]
    assert page["steps"][-1]["about"] == key
    [part], [answer], [note] = page["parts"], page["answers"], page["credit_notes"]
    assert (part["part"], part["lines"][0]["rejected"], part["answer"]) == (1, "1", "credit")
    assert (answer["kind"], answer["restocking_fee_percent"]) == ("credit", "5.00")
    assert (note["credit_note_id"], note["is_void"]) == (key, False)
    assert (page["status"], page["waits_for"], page["waits_since"]) == ("credited", None, None)
