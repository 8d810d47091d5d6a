"""Tests of entering a shop's sales: what is there is not sent, what is refused is told by lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from rich.console import Console

from ops.client import Refused
from ops.replay.hand import Hand
from ops.replay.retail.records import Left, Reason
from ops.replay.sales import player
from ops.replay.sales.player import Player, divide
from ops.replay.sales.records import survey_shop
from tests.ops.replay.retail.made_up import line, write

Answer = Mapping[str, Any]
ROWS = (
    line("1"),
    line("1", article="POST,POSTAGE", quantity=1),
    line("2", customer="9", quantity=2),
    line("C3", quantity=-7, price="2"),
)


class System:
    """A system that remembers what it is told, and refuses what it is told to."""

    def __init__(self, refuses: Mapping[str, str] = MappingProxyType({})) -> None:
        self.refuses = refuses
        self.posted: list[tuple[str, Any, str]] = []
        self.held: dict[str, dict[str, Any]] = {}

    def read_clock(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def get(self, path: str, **_: Any) -> Answer:
        """An account is known at once, and active."""
        return {"status": "active"}

    def list(self, path: str, **_: Any) -> Iterator[Answer]:
        if path == "/v1/staff":
            yield {"email": "replay@example.com", "staff_id": "stf_1"}
        yield from self.held.get(path, {}).values()

    def post(self, path: str, body: Any, *, key: str) -> Any:
        self.posted.append((path, body, key))
        if path.startswith("/v1/accounts/"):
            return self._move(*path.split("/")[-2:])
        name = {
            "/v1/account-batches": "accounts",
            "/v1/order-batches": "orders",
            "/v1/product-batches": "products",
            "/v1/return-batches": "returns",
            "/v1/stock-moves/receive": "receipts",
        }[path]
        if name in self.refuses:
            raise Refused(path, 413, {"code": "too_large", "detail": self.refuses[name]})
        take = getattr(self, f"_{name}")
        return {"results": [{"index": n, **take(one)} for n, one in enumerate(body[name])]}

    def _keep(self, path: str, name: str, one: Answer) -> Answer:
        if name in self.refuses:
            return {"code": "refused", "detail": self.refuses[name]}
        self.held.setdefault(path, {})[name] = one
        return one

    def _move(self, account_id: str, verb: str) -> None:
        [account] = [
            one for one in self.held["/v1/accounts"].values() if one["account_id"] == account_id
        ]
        account["status"] = {"begin-onboarding": "onboarding", "activate": "active"}[verb]

    def _accounts(self, body: Any) -> Answer:
        name = body["reference_id"]
        references = [{"system": "retail", "reference_id": name}]
        account: dict[str, Any] = {"account_id": f"acc_{name}", "external_references": references}
        account |= {"status": "active" if body.get("onboarding_waived_reason") else "prospect"}
        return self._keep("/v1/accounts", name, account)

    def _products(self, body: Any) -> Answer:
        return self._keep("/v1/products", body["sku"], body)

    def _orders(self, body: Any) -> Answer:
        name = body["external_id"]
        return self._keep("/v1/orders", name, {**body, "order_id": f"ord_{name}"})

    def _returns(self, body: Any) -> Answer:
        order_id = body.get("order_id") or body["for_order_id"]
        [order] = [one for one in self.held["/v1/orders"].values() if one["order_id"] == order_id]
        return self._keep(
            "/v1/returns", body["external_id"], {**body, "account_id": order["account_id"]}
        )

    def _receipts(self, body: Any) -> Answer:
        return self._keep("receipts", body["sku"], body)

    def bodies(self, path: str) -> list[Any]:
        return [body for at, body, _ in self.posted if at == path]


def play(
    folder: Path, system: System, rows: Sequence[str] = ROWS, until: date | None = None
) -> tuple[list[Left], list[tuple[int, int]], list[str]]:
    path = write(folder / "some.csv", rows)
    left: list[Left] = []
    shown: list[tuple[int, int]] = []
    hand = Hand(system, file="some.csv", console=Console(file=StringIO()))  # type: ignore[arg-type]
    shop = survey_shop(path, currency="GBP", until=until, leave=left.append)
    Player(hand, path, shop, currency="GBP", leave=left.append).play(
        lambda documents, lines: shown.append((documents, lines))
    )
    return left, shown, [str(one) for one in hand.refused]


def test_products_receipts_orders_and_returns_are_entered(tmp_path: Path) -> None:
    system = System()
    left, shown, refused = play(tmp_path, system)
    assert (left, refused) == ([], [])
    assert {one["status"] for one in system.held["/v1/accounts"].values()} == {"active"}
    assert sorted(shown) == [(1, 1), (1, 1), (1, 1), (1, 2)]
    products = system.held["/v1/products"]
    assert {sku: one["is_stocked"] for sku, one in products.items()} == {
        "85123A": True,
        "POST": False,
    }
    [receipt] = system.held["receipts"].values()
    assert (receipt["quantity"], receipt["moved_on"]) == ("8", "2010-12-01")
    sold = system.held["/v1/orders"]["1"]
    assert (sold["ordered_on"], sold["shipped_on"], sold["confirms"], sold["ships"]) == (
        "2010-12-01",
        "2010-12-01",
        True,
        True,
    )
    assert sold["lines"] == [
        {"sku": "85123A", "quantity": "6", "unit_price": 255},
        {"sku": "POST", "quantity": "1", "unit_price": 255},
    ]
    brought = system.held["/v1/orders"]["C3"]
    assert (brought["ships"], brought["lines"]) == (
        False,
        [{"sku": "85123A", "quantity": "-1", "unit_price": 200}],
    )
    assert {name: _of(one) for name, one in system.held["/v1/returns"].items()} == {
        "C3/1": ("ord_1", [{"position": 1, "quantity": "6", "unit_price": 200}]),
        "C3": ("ord_C3", None),
    }


def test_customers_are_clients_at_once_and_told_why(tmp_path: Path) -> None:
    system = System()
    play(tmp_path, system)
    [sent] = system.bodies("/v1/account-batches")
    told = {one["onboarding_waived_reason"] for one in sent["accounts"]}
    assert told == {"A client of the shop already."}
    assert not [path for path, *_ in system.posted if path.startswith("/v1/accounts/")]


@pytest.mark.parametrize(
    ("status", "verbs"),
    [("prospect", ["begin-onboarding", "activate"]), ("onboarding", ["activate"]), ("on_hold", [])],
)
def test_an_account_of_an_earlier_play_is_brought_on_from_where_it_stands(
    tmp_path: Path, status: str, verbs: list[str]
) -> None:
    system = System()
    system.held["/v1/accounts"] = {
        "9": {
            "account_id": "acc_9",
            "external_references": [{"system": "retail", "reference_id": "9"}],
            "status": status,
        }
    }
    play(tmp_path, system)
    [sent] = system.bodies("/v1/account-batches")
    assert [one["reference_id"] for one in sent["accounts"]] == ["17850"]
    moves = [path for path, *_ in system.posted if path.startswith("/v1/accounts/")]
    assert moves == [f"/v1/accounts/acc_9/{verb}" for verb in verbs]
    assert system.held["/v1/orders"]["2"]["account_id"] == "acc_9"


def _of(one: Answer) -> tuple[str, Any]:
    return one.get("order_id") or one["for_order_id"], one.get("lines")


def test_a_second_time_nothing_is_sent_but_what_comes_in_which_is_taken_once(
    tmp_path: Path,
) -> None:
    system = System()
    play(tmp_path, system)
    first = [*system.posted]
    system.posted.clear()
    _, shown, _ = play(tmp_path, system)
    assert shown == []
    assert system.posted == [one for one in first if one[0] == "/v1/stock-moves/receive"]


def test_what_was_not_entered_before_a_kill_is_entered_then(tmp_path: Path) -> None:
    system = System()
    play(tmp_path, system)
    del system.held["/v1/orders"]["2"], system.held["/v1/returns"]["C3"]
    system.posted.clear()
    _, shown, _ = play(tmp_path, system)
    assert shown == [(1, 1), (1, 1)]
    [orders] = system.bodies("/v1/order-batches")
    [returns] = system.bodies("/v1/return-batches")
    assert [one["external_id"] for one in orders["orders"]] == ["2"]
    assert [one["external_id"] for one in returns["returns"]] == ["C3"]


def test_a_part_is_played_and_then_the_rest(tmp_path: Path) -> None:
    rows = [line("1"), line("2", day="2010-12-02 08:00:00"), line("C3", quantity=-1)]
    rows[2] = line("C3", quantity=-1, day="2010-12-03 08:00:00")
    system = System()
    play(tmp_path, system, rows, until=date(2010, 12, 1))
    assert [*system.held["/v1/orders"]] == ["1"]
    play(tmp_path, system, rows)
    assert [*system.held["/v1/orders"]] == ["1", "2"]
    assert [*system.held["/v1/returns"]] == ["C3/2"]
    assert {one["quantity"] for one in system.held["receipts"].values()} == {"12"}


@pytest.mark.parametrize(
    ("refuses", "lines", "detail"),
    [
        ({"1": "No."}, [2, 3], "No."),
        ({"C3/1": "No."}, [5], "No."),
        ({"orders": "Too large."}, [2, 3, 4, 5], "Too large."),
        ({"returns": "Too large."}, [5], "Too large."),
        ({"9": "Closed."}, [4], "account: Closed."),
        ({"17850": "Closed."}, [2, 3, 5], "account: Closed."),
    ],
)
def test_what_the_system_refuses_is_left_out_by_its_lines(
    tmp_path: Path, refuses: Mapping[str, str], lines: list[int], detail: str
) -> None:
    left, _, _ = play(tmp_path, System(refuses))
    assert [one.line for one in left if one.detail == detail] == lines
    assert {one.reason for one in left} == {Reason.REFUSED}
    assert len({one.line for one in left}) == len(left), "each once"


def test_what_comes_back_of_an_order_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    left, _, _ = play(tmp_path, System({"1": "No."}))
    assert [(one.line, one.detail) for one in left][-1] == (5, "The order 1 is not there.")


def test_a_product_or_receipt_that_is_refused_is_told_by_its_line(tmp_path: Path) -> None:
    _, _, refused = play(tmp_path, Refusing({"POST": "Not that."}))
    assert refused == ["some.csv line 3: product: Not that.", "some.csv line 2: receipt: No."]


def test_products_that_are_refused_together_are_told_one_by_one(tmp_path: Path) -> None:
    _, _, refused = play(tmp_path, System({"products": "Away."}))
    assert refused == ["some.csv line 2: product: Away.", "some.csv line 3: product: Away."]


def test_products_are_offered_many_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = System()
    rows = [line("1", article=f"{n},BOX {n}") for n in range(100, 105)]
    monkeypatch.setattr(player, "PRODUCTS", 2)
    play(tmp_path, system, rows)
    batches = [body["products"] for body in system.bodies("/v1/product-batches")]
    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert [one["sku"] for batch in batches for one in batch] == [*map(str, range(100, 105))]


class Refusing(System):
    """Takes no goods in."""

    def _receipts(self, body: Any) -> Answer:
        return {"code": "period_closed", "detail": "No."}


def test_batches_are_cut_by_orders_and_by_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "ORDERS", 2)
    monkeypatch.setattr(player, "ORDER_LINES", 10)
    orders: Any = [({"n": n}, [None] * many) for n, many in enumerate([1, 1, 1, 10, 11, 4])]
    batches = [[order["n"] for order, _ in batch] for batch in divide(orders)]
    assert batches == [[0, 1], [2], [3], [4], [5]]
