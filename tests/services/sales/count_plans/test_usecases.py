"""Plans: classes by value, what is due when, and that each product waits once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kernel.refusals import Refusal
from services.sales.count_plans import usecases
from services.sales.stock.rules import MoveKind
from tests.services.client import Client
from tests.services.sales.stockroom import Stockroom

pytestmark = pytest.mark.server
MONDAY = date(2026, 3, 2)


class Plans(Stockroom):
    """A stockroom whose goods are counted by plan."""

    def plan(self, **facts: Any) -> dict[str, Any]:
        days = {"a_days": 30, "b_days": 90, "c_days": 365}
        found: dict[str, Any] = self.client.call(
            "create_count_plan", **{"name": "All goods"} | days | facts
        )
        return found

    def classes(self, plan: dict[str, Any]) -> dict[str, str]:
        """The class of each sku."""
        page = self.client.call("list_count_plan_products", plan_id=plan["plan_id"])
        return {one["sku"]: one["value_class"] for one in page["items"]}

    def due(self, **query: Any) -> list[str]:
        """The skus that wait to be counted, in the order of the list."""
        return [one["sku"] for one in self.client.call("list_due_counts", **query)["items"]]

    def morning(self, day: date) -> list[str]:
        self.client.day(day)
        self.client.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        return self.due()

    def count_all(self) -> None:
        """Count what waits as the books say."""
        for count in self.client.call("list_counts", status="open")["items"]:
            lines = self.do("get_count", count)["lines"]
            shelf = {one["product_id"]: str(self.on_hand(one["product_id"])) for one in lines}
            self.enter(count, dict(shelf))
            self.do("finish_count", count)
            self.do("post_count", count)


@pytest.fixture
def plans(client: Client) -> Plans:
    return Plans(client)


def test_what_has_most_of_the_value_is_a_and_what_is_worth_nothing_c(plans: Plans) -> None:
    plans.keep(79, unit_cost=1000, sku="GOLD")
    plans.keep(10, unit_cost=1000, sku="SILVER")
    plans.keep(8, unit_cost=1000, sku="IRON")
    plans.keep(3, unit_cost=1000, sku="WOOD")
    plans.keep(0, sku="AIR")
    assert plans.classes(plans.plan()) == {
        "GOLD": "A",
        "SILVER": "A",
        "IRON": "B",
        "WOOD": "C",
        "AIR": "C",
    }


def test_by_moved_value_it_is_what_was_shipped_in_a_year_that_counts(plans: Plans) -> None:
    slow, fast = plans.keep(500, sku="SLOW"), plans.keep(100, sku="FAST")
    plans.move(slow, -1)
    plans.move(fast, -90)
    plans.move(slow, -99, MoveKind.SCRAP)
    assert plans.classes(plans.plan(basis="moved_value")) == {"FAST": "A", "SLOW": "C"}
    assert plans.classes(plans.plan(name="By stock"))["SLOW"] == "A"


def test_currencies_are_classed_apart(plans: Plans) -> None:
    plans.keep(1, unit_cost=1, sku="EURO")
    dollars = plans.keep(0, sku="DOLLAR", currency="USD")
    plans.receive(dollars, 1, unit_cost=100000, currency="USD")
    assert plans.classes(plans.plan()) == {"EURO": "A", "DOLLAR": "A"}


def test_what_is_due_is_opened_once_and_again_when_its_days_are_over(plans: Plans) -> None:
    plans.keep(80, sku="GOLD")
    plans.keep(1, sku="WOOD")
    plans.plan(b_days=None, c_days=60)
    assert plans.morning(MONDAY) == ["GOLD", "WOOD"]
    assert plans.morning(MONDAY + timedelta(days=1)) == ["GOLD", "WOOD"]
    assert len(plans.client.call("list_counts")["items"]) == 1
    plans.count_all()
    assert plans.morning(MONDAY + timedelta(days=30)) == []
    assert plans.morning(MONDAY + timedelta(days=31)) == ["GOLD"]
    plans.count_all()
    assert plans.morning(MONDAY + timedelta(days=61)) == ["GOLD", "WOOD"]


def test_no_more_is_due_on_a_day_than_the_plan_says_the_longest_due_first(plans: Plans) -> None:
    for sku in ("P-1", "P-2", "P-3"):
        plans.keep(1, sku=sku)
    plan = plans.plan(lines_per_day=2)
    assert plans.morning(MONDAY) == ["P-1", "P-2"]
    assert plans.morning(MONDAY + timedelta(days=1)) == ["P-1", "P-2", "P-3"]
    assert plans.due(plan_id=plan["plan_id"]) == plans.due()


def test_a_plan_begins_on_its_day_and_may_be_paused(plans: Plans) -> None:
    plans.keep(1, sku="GOLD")
    plan = plans.plan(starts_on="2026-03-05")
    assert plans.morning(date(2026, 3, 4)) == []
    path = {"plan_id": plan["plan_id"]}
    assert plans.client.call("pause_count_plan", **path)["status"] == "paused"
    with pytest.raises(Refusal) as refused:
        plans.client.call("pause_count_plan", **path)
    assert refused.value.code == "plan_state"
    assert plans.morning(date(2026, 3, 5)) == []
    plans.client.call("resume_count_plan", **path)
    assert plans.morning(date(2026, 3, 6)) == ["GOLD"]


def test_a_plan_is_changed_and_has_a_name_of_its_own(plans: Plans) -> None:
    plan, other = plans.plan(), plans.plan(name="Others", c_days=None)
    path = {"plan_id": plan["plan_id"]}
    changed = plans.client.call("edit_count_plan", **path, a_days=7, is_blind=True)
    assert (changed["a_days"], changed["is_blind"]) == (7, True)
    assert plans.client.call("get_count_plan", **path) == changed
    for facts, code in (
        ({"name": "Others"}, "name_taken"),
        ({"a_percent": "99"}, "percentages_crossed"),
        ({"a_days": None, "b_days": None, "c_days": None}, "counts_nothing"),
    ):
        with pytest.raises(Refusal) as refused:
            plans.client.call("edit_count_plan", **path, **facts)
        assert refused.value.code == code
    listed = plans.client.call("list_count_plans", status="active")["items"]
    assert [one["plan_id"] for one in listed] == [plan["plan_id"], other["plan_id"]]


def test_a_plan_that_fails_stops_no_other_and_says_why(
    plans: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans.keep(1, sku="GOLD")
    bad, good = plans.plan(name="Bad"), plans.plan(name="Good")
    begin = usecases.begin_count

    def begin_or_fail(session: Any, **facts: Any) -> Any:
        if facts["plan_id"] == bad["plan_id"]:
            raise ValueError("no shelf")
        return begin(session, **facts)

    with monkeypatch.context() as patched:
        patched.setattr(usecases, "begin_count", begin_or_fail)
        assert plans.morning(MONDAY) == ["GOLD"]
    assert plans.client.call("list_counts")["items"][0]["plan_id"] == good["plan_id"]
    parked = plans.client.call("get_count_plan", plan_id=bad["plan_id"])
    assert (parked["parked_on"], parked["parked_reason"]) == ("2026-03-02", "ValueError: no shelf")
    plans.count_all()
    plans.morning(MONDAY + timedelta(days=1))
    assert plans.client.call("get_count_plan", plan_id=bad["plan_id"])["parked_on"] is None


def test_however_many_products_are_due_it_takes_as_many_statements(plans: Plans) -> None:
    plans.plan()

    def statements(day: date, count: int) -> int:
        for _ in range(count):
            plans.keep(1)
        with plans.counting() as sent:
            plans.client.day(day)
        return len(sent)

    assert statements(MONDAY, 2) == statements(MONDAY + timedelta(days=1), 50)
