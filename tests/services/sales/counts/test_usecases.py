"""Counting: what is expected, what is off, who approves it, and what the books say afterwards."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from kernel.callers import Caller
from kernel.ids import new_id
from kernel.money import TOTAL_MAX
from kernel.refusals import Conflict, Forbidden, Refusal
from services.sales.stock.rules import MoveKind
from tests.services.client import Client
from tests.services.sales.stockroom import COUNTING_LEAD, KEEPER, LEAD, OTHER_KEEPER, Stockroom

pytestmark = pytest.mark.server
FOLLOWS = (
    *("expected", "moved_since", "unit_cost", "currency", "variance", "variance_share"),
    *("quantity_ratio", "variance_cost", "cost_ratio", "needs_approval", "is_approved"),
    *("value_class", "recount_reason"),
)


@pytest.fixture
def stockroom(client: Client) -> Stockroom:
    return Stockroom(client)


def line_of(count: dict[str, Any]) -> dict[str, Any]:
    [line] = count["lines"]
    found: dict[str, Any] = line
    return found


def refusal(what: Any, *arguments: Any, **values: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        what(*arguments, **values)
    return refused.value


@pytest.mark.parametrize(("found", "variance", "on_hand"), [(19, "-1", 19), (20, "0", 20)])
def test_what_comes_in_during_a_count_is_expected(
    stockroom: Stockroom, found: int, variance: str, on_hand: int
) -> None:
    chair = stockroom.keep(14)
    count = stockroom.open(chair)
    assert line_of(count)["expected"] == "14"
    stockroom.wait(hours=1)
    stockroom.receive(chair, 6)
    stockroom.wait(hours=1)
    stockroom.enter(count, {chair: found})
    stockroom.do("finish_count", count)
    line = line_of(stockroom.do("post_count", count))
    assert (line["expected"], line["variance"]) == ("20", variance)
    assert stockroom.on_hand(chair) == on_hand
    told = stockroom.told(count)
    assert (told["lines"][0]["variance"], told["off"]) == (variance, int(variance != "0"))


@pytest.mark.parametrize(
    ("found", "on_hand", "unit_cost", "ratios", "needs_approval"),
    [
        (19, 20, 1800, ("1", "0.3"), False),
        (12, 16, 3000, ("5", "2"), True),
        (20, 20, 1800, ("0", "0"), False),
        (3, 0, 0, (None, "0"), True),
    ],
)
def test_a_line_says_its_ratios_and_needs_approval_above_1(
    stockroom: Stockroom,
    found: int,
    on_hand: int,
    unit_cost: int,
    ratios: tuple[str | None, str],
    needs_approval: bool,
) -> None:
    chair = stockroom.keep(on_hand, unit_cost=unit_cost)
    count = stockroom.counted({chair: found})
    line = line_of(count)
    said = [line["quantity_ratio"], line["cost_ratio"]]
    assert [one and Decimal(one) for one in said] == [one and Decimal(one) for one in ratios]
    assert (line["needs_approval"], count["needs_approval"]) == (needs_approval, needs_approval)
    if needs_approval:
        assert refusal(stockroom.do, "post_count", count).code == "approval_missing"
    else:
        assert stockroom.do("post_count", count)["status"] == "posted"


def test_what_is_beyond_is_approved_by_somebody_who_has_not_counted(
    stockroom: Stockroom,
) -> None:
    chair = stockroom.keep(16, unit_cost=3000)
    count = stockroom.open(chair)
    stockroom.enter(count, {chair: 13}, caller=OTHER_KEEPER)
    stockroom.enter(count, {chair: 12})
    stockroom.do("finish_count", count)
    reason = {"reason": "Broken in the fall of the shelf."}
    assert refusal(stockroom.do, "approve_count", count, **reason).code == "scope_missing"
    for caller in (COUNTING_LEAD, OTHER_KEEPER):
        refused = refusal(stockroom.do, "approve_count", count, caller=caller, **reason)
        assert isinstance(refused, Forbidden)
        assert refused.code == "approver_counted"
    approved = stockroom.do("approve_count", count, caller=LEAD, **reason)
    assert (approved["status"], approved["approved_by"]) == ("approved", "ada")
    assert line_of(approved)["is_approved"]
    assert line_of(stockroom.do("post_count", count))["variance"] == "-4"
    assert stockroom.on_hand(chair) == 12
    told = stockroom.told(count)
    assert (told["approved_by"], told["lines"][0]["variance_cost"]) == ("ada", -12000)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_is_counted_a_billion_too_many_is_shown_and_never_posted(
    stockroom: Stockroom, moment: str
) -> None:
    """Dear goods, a slip of the keyboard, and goods that come in only after it."""
    engine = stockroom.keep(1 if moment == "before" else 0, unit_cost=10**12)
    count = stockroom.open(engine)
    line = line_of(stockroom.enter(count, {engine: "1000000000"}))
    if moment == "after":
        assert line["variance_cost"] == 0
        stockroom.receive(engine, 1, unit_cost=10**12)
        line = line_of(stockroom.client.call("get_count", count_id=count["count_id"]))
    assert (line["variance_cost"], line["needs_approval"]) == (TOTAL_MAX, True)
    stockroom.do("finish_count", count)
    stockroom.do("approve_count", count, caller=LEAD, reason="A test.")
    assert refusal(stockroom.do, "post_count", count).code == "stock_too_large"
    assert stockroom.on_hand(engine) == 1


def test_approval_that_is_not_needed_is_refused(stockroom: Stockroom) -> None:
    count = stockroom.counted({stockroom.keep(20): 19})
    refused = refusal(stockroom.do, "approve_count", count, caller=LEAD, reason="Looks well.")
    assert refused.code == "approval_not_needed"


def test_what_is_off_otherwise_than_approved_is_approved_again(stockroom: Stockroom) -> None:
    chair = stockroom.keep(16, unit_cost=3000)
    stockroom.wait(days=2)
    count = stockroom.counted({chair: 12})
    stockroom.do("approve_count", count, caller=LEAD, reason="Broken.")
    stockroom.wait(hours=1)
    day_before = stockroom.today.replace(day=stockroom.today.day - 1)
    stockroom.move(chair, -2, MoveKind.SCRAP, on=day_before)
    assert refusal(stockroom.do, "post_count", count).code == "approval_missing"
    stockroom.do("approve_count", count, caller=LEAD, reason="Two were scrapped.")
    assert line_of(stockroom.do("post_count", count))["variance"] == "-2"
    assert stockroom.on_hand(chair) == 12


def test_what_moves_after_it_was_counted_is_not_off(stockroom: Stockroom) -> None:
    chair = stockroom.keep(14)
    count = stockroom.counted({chair: 14})
    stockroom.wait(hours=1)
    stockroom.receive(chair, 6)
    stockroom.move(chair, -3)
    line = line_of(stockroom.do("post_count", count))
    assert (line["expected"], line["moved_since"], line["variance"]) == ("17", "3", "0")
    assert stockroom.on_hand(chair) == 17


def test_two_counts_of_one_product_do_not_take_off_twice(stockroom: Stockroom) -> None:
    chair = stockroom.keep(20)
    first, second = stockroom.counted({chair: 19}), stockroom.counted({chair: 19})
    stockroom.wait(hours=1)
    assert line_of(stockroom.do("post_count", first))["variance"] == "-1"
    assert line_of(stockroom.do("post_count", second))["variance"] == "0"
    assert stockroom.on_hand(chair) == 19


def test_an_open_blind_count_says_nothing_of_what_is_expected(stockroom: Stockroom) -> None:
    chair = stockroom.keep(16, unit_cost=3000)
    opened = stockroom.open(chair, is_blind=True)
    entered = stockroom.enter(opened, {chair: 12})
    for count in (opened, entered, stockroom.do("get_count", opened)):
        assert count["needs_approval"] is None
        assert {name: line_of(count)[name] for name in FOLLOWS} == dict.fromkeys(FOLLOWS)
    page = stockroom.client.call("list_due_counts")
    assert not {*FOLLOWS} & {name for item in page["items"] for name in item}
    line = line_of(stockroom.do("finish_count", opened))
    assert (line["expected"], line["variance"], line["needs_approval"]) == ("16", "-4", True)
    again = {"lines": [{"product_id": chair}], "reason": "There should be 16."}
    counted_again = stockroom.do("recount", opened, **again)
    assert {name: line_of(counted_again)[name] for name in FOLLOWS} == dict.fromkeys(FOLLOWS)


def test_what_is_counted_blind_is_hidden_from_who_counts_or_may_not_approve(
    stockroom: Stockroom,
) -> None:
    chair, stool = (stockroom.keep(many, sku=new_id("zblind")) for many in (16, 5))

    def seen(caller: Caller, product_id: str = chair) -> list[Any]:
        """What somebody is told there is, on each of the pages that say so."""
        call, found = partial(stockroom.client.call, caller=caller), {"search": "zblind"}
        [listed] = [
            one for one in call("list_stock", **found)["items"] if one["product_id"] == product_id
        ]
        of_one = call("get_stock", product_id=product_id, as_of=str(stockroom.today))
        level = call("set_reorder_level", product_id=product_id, reorder_at="1")
        worth = call("list_stock_values", **found)["items"]
        [value] = [one["on_hand"] for one in worth if one["product_id"] == product_id]
        assert listed["is_hidden"] == (listed["on_hand"] is None) == (not of_one["places"])
        return [listed["available"], of_one["on_hand"], level["available"], value]

    count = stockroom.open(chair, is_blind=True)
    assert seen(KEEPER) == [None] * 4
    assert seen(KEEPER, stool) == ["5"] * 4
    assert seen(LEAD) == seen(COUNTING_LEAD) == ["16"] * 4
    stockroom.enter(count, {chair: 12}, caller=COUNTING_LEAD)
    assert (seen(COUNTING_LEAD), seen(LEAD)) == ([None] * 4, ["16"] * 4)
    stockroom.do("finish_count", count)
    assert seen(KEEPER) == ["16"] * 4
    stockroom.open(stool)
    assert seen(KEEPER, stool) == ["5"] * 4, "what is not counted blind is shown"


def test_a_line_is_counted_again_and_every_word_is_kept(stockroom: Stockroom) -> None:
    chair, stool = stockroom.keep(16, unit_cost=3000), stockroom.keep(5)
    count = stockroom.counted({chair: 12, stool: 5})
    stockroom.do("approve_count", count, caller=LEAD, reason="Broken.")
    again = {"lines": [{"product_id": chair}], "reason": "Look behind the door."}
    reopened = stockroom.do("recount", count, **again)
    assert (reopened["status"], reopened["approved_by"]) == ("open", None)
    assert [line["counted"] for line in reopened["lines"]] == [None, "5"]
    assert refusal(stockroom.do, "finish_count", count).code == "lines_not_counted"
    stockroom.enter(count, {chair: 16}, caller=OTHER_KEEPER)
    stockroom.do("finish_count", count)
    assert stockroom.do("post_count", count)["status"] == "posted"
    entries = stockroom.do("list_count_entries", count)["items"]
    assert [(one["counted"], one["counted_by"]) for one in entries] == [
        ("12", "kim"),
        ("5", "kim"),
        ("16", "lee"),
    ]
    assert stockroom.on_hand(chair) == 16


def test_who_enters_upon_what_somebody_else_has_changed_is_told(stockroom: Stockroom) -> None:
    chair = stockroom.keep(20)
    count = stockroom.open(chair)
    entered = stockroom.enter(count, {chair: 19}, if_match=count["version"])
    assert entered["version"] == count["version"] + 1
    refused = refusal(stockroom.enter, count, {chair: 18}, if_match=count["version"])
    assert refused.code == "version_mismatch"


def test_a_count_is_posted_once(stockroom: Stockroom) -> None:
    chair = stockroom.keep(20)
    count = stockroom.posted({chair: 19})
    refused = refusal(stockroom.do, "post_count", count)
    assert isinstance(refused, Conflict)
    assert (refused.code, refused.facts["state"]) == ("count_state", "posted")
    assert "open another" in refused.detail
    assert stockroom.on_hand(chair) == 19


@pytest.mark.parametrize("what", ["recount", "approve_count", "post_count", "enter_quantities"])
def test_what_was_cancelled_stays_so(stockroom: Stockroom, what: str) -> None:
    chair = stockroom.keep(20)
    count = stockroom.counted({chair: 3})
    cancelled = stockroom.do("cancel_count", count, reason="The wrong hall.")
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "The wrong hall.")
    named = [{"product_id": chair}]
    values: dict[str, Any] = {
        "recount": {"lines": named, "reason": "Again."},
        "approve_count": {"reason": "Well.", "caller": LEAD},
        "enter_quantities": {"lines": [named[0] | {"quantity": 1}]},
    }
    assert refusal(stockroom.do, what, count, **values.get(what, {})).code == "count_state"
    assert stockroom.on_hand(chair) == 20


def test_a_product_that_cannot_be_counted_is_refused_with_what_is_possible(
    stockroom: Stockroom,
) -> None:
    chair, stool = stockroom.keep(20), stockroom.keep(5)
    advice = stockroom.keep(sku="ADVICE", is_stocked=False)
    refused = refusal(stockroom.open, chair, advice)
    assert (refused.code, refused.facts["skus"]) == ("not_stocked", ["ADVICE"])
    twice = refusal(stockroom.open, chair, advice, chair)
    assert (twice.code, twice.errors[0]["field"]) == ("named_twice", "lines/2/product_id")
    unknown = refusal(stockroom.open, lines=[{"product_id": chair}, {"sku": "NONE"}])
    assert (unknown.code, unknown.errors[0]["field"]) == ("product_not_found", "lines/1/sku")
    count = stockroom.open(chair)
    assert refusal(stockroom.enter, count, {stool: 5}).code == "not_in_the_count"
    assert refusal(stockroom.enter, count, {chair: -1}).errors[0]["field"] == "lines/0/quantity"
    added = {"lines": [{"product_id": stool}]}
    assert len(stockroom.do("add_count_lines", count, **added)["lines"]) == 2
    assert refusal(stockroom.do, "add_count_lines", count, **added).code == "in_the_count"
    counted = stockroom.enter(count, {stool: 0, chair: "19.5"})["lines"]
    assert [line["counted"] for line in counted] == ["19.5", "0"]


def test_without_names_all_on_sale_that_is_kept_in_stock_is_counted(stockroom: Stockroom) -> None:
    known = {stockroom.keep(0), stockroom.keep(5)}
    stockroom.keep(is_stocked=False)
    count = stockroom.open(lines=None)
    assert known <= {line["product_id"] for line in count["lines"]}
    listed = stockroom.client.call("list_counts", status="open")["items"]
    assert [one["count_id"] for one in listed] == [count["count_id"]]


def test_a_count_may_take_what_lies_at_one_place_alone(stockroom: Stockroom) -> None:
    hall = stockroom.client.call("create_place", code="HALL-2", name="Hall 2")["place_id"]
    chair = stockroom.keep(10)
    stockroom.receive(chair, 4, place_id=hall)
    line = line_of(stockroom.posted({chair: 3}, place_id=hall))
    assert (line["expected"], line["variance"]) == ("4", "-1")
    assert stockroom.on_hand(chair, place_id=hall) == 3
    assert stockroom.on_hand(chair) == 10


def test_tolerances_are_those_of_the_day_it_was_opened_and_changed_by_who_approves(
    stockroom: Stockroom,
) -> None:
    chair = stockroom.keep(20)
    before = stockroom.open(chair)
    wide = {"tolerance_percent": "50", "cost_tolerances": [{"currency": "EUR", "amount": 90000}]}
    change = stockroom.client.call
    assert refusal(change, "change_count_settings", **wide).code == "scope_missing"
    said = change("change_count_settings", caller=LEAD, **wide)
    assert (said["tolerance_percent"], said["set_by"]) == ("50.00", "ada")
    assert change("get_count_settings") == said
    after = stockroom.open(chair)
    for count, needs_approval in ((before, True), (after, False)):
        stockroom.enter(count, {chair: 12})
        assert stockroom.do("finish_count", count)["needs_approval"] is needs_approval


def test_what_a_count_does_not_find_may_have_been_reserved_or_shipped(
    stockroom: Stockroom,
) -> None:
    chair = stockroom.keep(3)
    count = stockroom.counted({chair: 1})
    stockroom.wait(hours=1)
    stockroom.move(chair, -3)
    stockroom.do("approve_count", count, caller=LEAD, reason="Gone.")
    assert refusal(stockroom.do, "post_count", count).code == "out_of_stock"


def test_however_many_lines_it_takes_as_many_statements(stockroom: Stockroom) -> None:
    def statements(count: int) -> int:
        counted: dict[str, int | str] = {stockroom.keep(20): 19 for _ in range(count)}
        with stockroom.counting() as sent:
            stockroom.posted(counted)
        return len(sent)

    assert statements(2) == statements(50)


def test_who_may_only_read_counts_nothing(stockroom: Stockroom) -> None:
    chair = stockroom.keep(20)
    reader = Caller("eve", frozenset({"sales:read"}))
    assert refusal(stockroom.open, chair, caller=reader).code == "scope_missing"
    assert stockroom.client.caller == KEEPER
