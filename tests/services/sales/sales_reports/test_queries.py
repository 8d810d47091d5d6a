"""What was shipped and came back is added up by product, account and month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.sales.sales_reports import schemas
from services.sales.sales_reports.queries import report_sales
from tests.services.sales.dispatches.test_usecases import counted
from tests.services.sales.returning import Desk

pytestmark = pytest.mark.server


@pytest.fixture
def desk(shop: Any) -> Desk:
    return Desk(shop)


def ask(desk: Desk, by: str = "product", **wanted: Any) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"by": by, "currency": "EUR"} | wanted
    loaded = schemas.SalesQuery().load({"product_id": desk.product.product_id} | asked)
    page = report_sales(desk.session, **loaded)
    return [schemas.Sales().dump(one) for one in page["items"]]


def figures(line: dict[str, Any]) -> tuple[Any, ...]:
    names = ("shipped", "shipped_net", "returned", "credited_net", "net")
    return tuple(line[name] for name in names)


def back(desk: Desk, order: Any, quantity: str, *fate: str, fee: str = "0") -> Any:
    found = desk.receive(desk.authorise(desk.ask(order, quantity)))
    return desk.credit(desk.inspect(found, *fate or (quantity,)), fee)


def test_nothing_is_said_of_what_was_not_sold(desk: Desk) -> None:
    desk.sell("8", sent=None)
    assert ask(desk) == []


def test_what_was_shipped_and_what_came_back_stand_beside_each_other(desk: Desk) -> None:
    order = desk.sell("8", sent="5")
    back(desk, order, "3", "1", "1", "1", fee="10")
    [line] = ask(desk)
    assert (line["name"], line["product_id"]) == (desk.product.sku, desk.product.product_id)
    assert line["account_id"] is None
    # 5 x 21.60 sold; of 3 one was rejected, 2 x 21.60 credited less 10 %
    assert figures(line) == ("5", 10800, "2", 3888, 6912)


def test_what_is_here_and_not_credited_counts_as_returned_for_nothing(desk: Desk) -> None:
    order = desk.sell("8")
    desk.inspect(desk.receive(desk.authorise(desk.ask(order, "2"))), "2")
    desk.ask(order, "1")
    assert figures(ask(desk)[0]) == ("8", 17280, "2", 0, 17280)


def test_each_line_is_rounded_half_up_as_it_is_billed(shop: Any) -> None:
    desk = Desk(shop, unit_price=1)
    order = desk.sell("2.5")
    back(desk, order, "0.5")
    assert figures(ask(desk)[0]) == ("2.5", 3, "0.5", 1, 2)


def test_by_account_and_by_month_it_is_the_same_goods(desk: Desk) -> None:
    first, second = desk.sell("8"), desk.sell("2")
    back(desk, first, "3")
    by_account = {line["account_id"]: figures(line) for line in ask(desk, "account")}
    assert by_account == {
        first.account_id: ("8", 17280, "3", 6480, 10800),
        second.account_id: ("2", 4320, "0", 0, 4320),
    }
    [month] = ask(desk, "month")
    assert (month["name"], figures(month)) == ("2026-03", ("10", 21600, "3", 6480, 15120))
    [mine] = ask(desk, "month", account_id=second.account_id)
    assert figures(mine) == ("2", 4320, "0", 0, 4320)


def test_only_days_of_the_period_and_one_currency_count(desk: Desk) -> None:
    order = desk.sell("8")
    desk.wait(40)
    back(desk, order, "3")
    assert [line["name"] for line in ask(desk, "month")] == ["2026-03", "2026-04"]
    later = date(2026, 3, 3).isoformat()
    assert figures(ask(desk, **{"from": later})[0]) == ("0", 0, "3", 6480, -6480)
    assert figures(ask(desk, to=later)[0]) == ("8", 17280, "0", 0, 17280)
    assert ask(desk, currency="USD") == []


def test_pages_follow_the_names(desk: Desk) -> None:
    orders = [desk.sell("1") for _ in range(3)]
    accounts = sorted(order.account_id for order in orders)
    asked: dict[str, Any] = {"by": "account", "currency": "EUR", "limit": 2}
    asked |= {"product_id": desk.product.product_id}
    page = report_sales(desk.session, **schemas.SalesQuery().load(asked))
    assert [row.account_id for row in page["items"]] == accounts[:2]
    rest = schemas.SalesQuery().load({**asked, "after": page["next_after"]})
    assert [row.account_id for row in report_sales(desk.session, **rest)["items"]] == accounts[2:]


def test_it_is_one_statement_however_much_was_sold(desk: Desk) -> None:
    def statements(count: int) -> int:
        for _ in range(count):
            desk.sell("1")
        desk.session.flush()
        with counted(desk.session) as sent:
            assert Decimal(ask(desk)[0]["shipped"]) >= count
        return len(sent)

    assert statements(2) == statements(20) == 1
