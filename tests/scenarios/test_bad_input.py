"""What cannot be is refused: with a code, the field and a sentence that says what is possible, never a
500."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.ids import new_id
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server

NO_QUANTITY = [0, -1, "1.2345", "99999999999", "many", None, True, [1], {"of": 1}, 1e300]
WHY = {"reason": "Because."}


class Yard:
    """A client, chairs on the shelf, and orders, shipments, returns, moves and counts of them."""

    def __init__(self, firm: Firm) -> None:
        self.firm, self.client = firm, firm.client
        self.account_id = firm.open_account()["account_id"]
        self.sku = new_id("sku")
        chair = {"sku": self.sku, "name": "Chair", "unit_price": 1000, "currency": "EUR"}
        made = self.client.post("/v1/products", {**chair, "tax_percent": "0", "is_stocked": True})
        self.product_id = made["product_id"]
        receipts = [{"sku": self.sku, "quantity": 500}]
        self.received = self.client.post("/v1/stock-moves/receive", {"receipts": receipts})

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(path, body)

    def draft(self, quantity: int = 4) -> dict[str, Any]:
        lines = [{"sku": self.sku, "quantity": quantity}]
        made: dict[str, Any] = self.post("/v1/orders", account_id=self.account_id, lines=lines)
        return made

    def order(self, *verbs: str, quantity: int = 4) -> dict[str, Any]:
        """An order to which this was done."""
        order = self.draft(quantity)
        path = f"/v1/orders/{order['order_id']}"
        for verb in verbs:
            if verb == "ship_one":
                one = {"line_id": order["lines"][0]["line_id"], "quantity": 1}
                self.post(f"{path}/shipments", lines=[one])
            elif verb == "ship":
                self.post(f"{path}/shipments")
            else:
                self.post(f"{path}/{verb}", **(WHY if verb == "cancel" else {}))
        return order

    def shipment(self, *verbs: str) -> str:
        """The path of a shipment to which this was done."""
        order = self.order("confirm")
        made = self.post("/v1/shipments", order_id=order["order_id"])
        path = f"/v1/shipments/{made['shipment_id']}"
        said = {"cancel": WHY, "deliver": {"received_by": "Ben"}}
        for verb in verbs:
            self.post(f"{path}/{verb}", **said.get(verb, {}))
        return path

    def returned(self, *verbs: str) -> str:
        """The path of a return to which this was done."""
        order = self.order("confirm", "ship")
        line_id = order["lines"][0]["line_id"]
        lines = [{"line_id": line_id, "quantity": 2}]
        made = self.post("/v1/returns", order_id=order["order_id"], lines=lines, **WHY)
        path = f"/v1/returns/{made['return_id']}"
        inspected = {"lines": [{"line_id": line_id, "restock": 2}]}
        said = {"inspect": inspected, "decline": WHY, "refuse": WHY}
        for verb in verbs:
            self.post(f"{path}/{verb}", **said.get(verb, {}))
        self.firm.wait()
        return path

    def move(self, *verbs: str) -> str:
        plan = {"sku": self.sku, "quantity": 3, "kind": "receipt"}
        plan["planned_on"] = f"{self.firm.today + timedelta(days=5)}"
        [made] = self.post("/v1/stock-moves/plan", moves=[plan])["moves"]
        path = f"/v1/stock-moves/{made['move_id']}"
        for verb in verbs:
            self.post(f"{path}/{verb}")
        return path

    def count(self, *verbs: str) -> str:
        named = {"product_id": self.product_id}
        path = f"/v1/counts/{self.post('/v1/counts', lines=[named])['count_id']}"
        there = int(self.client.get(f"/v1/stock/{self.product_id}")["on_hand"])
        said = {"quantities": {"lines": [named | {"quantity": there}]}, "cancel": WHY}
        for verb in verbs:
            self.post(f"{path}/{verb}", **said.get(verb, {}))
        return path

    def refused(self, verb: str, path: str, body: Any = None) -> tuple[int, str, list[str]]:
        """Status, code and fields of a refusal, which says something that can be read."""
        answer = self.client.send(verb, path, body)
        if path == "/v1/stock-moves/receive":  # each by itself
            [problem] = answer.data["results"]
            return 422, problem["code"], [one["field"] for one in problem["errors"]]
        assert 400 <= answer.status < 500, (verb, path, body, answer.status, answer.data)
        problem = answer.data
        said = [problem["detail"], *(one["detail"] for one in problem.get("errors", ()))]
        for sentence in said:
            assert sentence.endswith(".") and len(sentence) > 10, (path, body, sentence)
        places = [one.get("pointer", one.get("parameter")) for one in problem.get("errors", ())]
        return answer.status, problem["code"], places or [problem.get("field", "")]


@pytest.fixture(scope="module")
def yard(firm: Firm) -> Yard:
    return Yard(firm)


def ways_to_give_quantities(yard: Yard) -> list[tuple[str, str, str, dict[str, Any], str]]:
    """Each way in that takes a quantity: verb, path, the list it stands in if any, what else is said, and
    the field."""
    draft, order = yard.draft(), yard.order("confirm", quantity=50)
    planned, came = yard.shipment("assign"), yard.returned("authorise")
    sent, inspected = yard.order("confirm", "ship"), yard.returned("authorise", "receive")
    agreed, drafted = (f"/v1/orders/{one['order_id']}" for one in (order, draft))

    def line_of(page: dict[str, Any]) -> dict[str, Any]:
        return {"line_id": page["lines"][0]["line_id"]}

    line, of = line_of(order), {"sku": yard.sku}
    plan = of | {"planned_on": f"{yard.firm.today}", "kind": "receipt"}
    moves, in_count = "/v1/stock-moves", {"product_id": yard.product_id}
    return [
        ("PATCH", f"{drafted}/lines/{line_of(draft)['line_id']}", "", {}, "quantity"),
        ("POST", f"{drafted}/lines", "lines", of, "quantity"),
        ("POST", f"{agreed}/amend", "change_lines", line, "quantity"),
        ("POST", f"{agreed}/shipments", "lines", line, "quantity"),
        ("POST", "/v1/shipments", "lines", line, "quantity"),
        ("POST", f"{planned}/pick", "lines", line_of(yard.client.get(planned)), "quantity"),
        ("POST", "/v1/returns", "lines", line_of(sent), "quantity"),
        ("POST", f"{came}/receive", "lines", line_of(yard.client.get(came)), "quantity"),
        ("POST", f"{inspected}/inspect", "lines", line_of(yard.client.get(inspected)), "restock"),
        ("POST", f"{moves}/receive", "receipts", of, "quantity"),
        ("POST", f"{moves}/plan", "moves", plan, "quantity"),
        ("POST", f"{moves}/scrap", "", of | WHY, "quantity"),
        ("POST", f"{moves}/transfer", "", of, "quantity"),
        ("POST", f"{yard.count()}/quantities", "lines", in_count, "quantity"),
    ]


MAY_BE = {  # what is a quantity all the same there: goods that come back, nothing of it, all of it
    "lines": (-1,),
    "amend": (None,),
    "pick": (0,),
    "inspect": (0, None),
    "quantities": (0,),
}


def test_a_quantity_that_cannot_be_is_refused_by_its_field_wherever_it_is_given(yard: Yard) -> None:
    beside = {
        "amend": WHY,
        "returns": WHY | {"order_id": yard.order("confirm", "ship")["order_id"]},
        "shipments": {"order_id": yard.order("confirm")["order_id"]},
    }
    for verb, path, group, said, field in ways_to_give_quantities(yard):
        last = path.rpartition("/")[2]
        for quantity in NO_QUANTITY:
            one = said | {field: quantity}
            more = beside.get(last, {}) if not path.startswith("/v1/orders") else {}
            sent = ({group: [one]} if group else one) | (WHY if last == "amend" else more)
            if quantity not in MAY_BE.get(last, ()) or isinstance(quantity, bool):
                status, _, fields = yard.refused(verb, path, sent)
                assert status in (409, 422), (path, quantity, status)
                assert any(field in name for name in fields), (path, quantity, fields)


UNDER_WAY = "receive undo-inspection credit replace close refuse"  # as its quantities allow
STORIES: dict[str, dict[str, tuple[tuple[str, ...], str]]] = {
    "order": {
        "draft": ((), "confirm cancel copy"),
        "confirmed": (("confirm",), "amend shipments promises cancel copy"),
        "processing": (("confirm", "ship_one"), "amend shipments promises cancel copy"),
        "done": (("confirm", "ship"), "copy"),
        "cancelled": (("confirm", "cancel"), "copy"),
    },
    "shipment": {
        "draft": ((), "assign cancel"),
        "assigned": (("assign",), "pick cancel"),
        "picked": (("assign", "pick"), "ship cancel"),
        "shipped": (("assign", "pick", "ship"), "deliver"),
        "delivered": (("assign", "pick", "ship", "deliver"), ""),
        "cancelled": (("cancel",), ""),
    },
    "returned": {
        "requested": ((), "authorise decline"),
        "authorised": (("authorise",), "send receive decline replace"),
        "in_transit": (("authorise", "send"), "receive close refuse"),
        "received": (("authorise", "receive"), f"inspect {UNDER_WAY}"),
        "inspected": (("authorise", "receive", "inspect"), UNDER_WAY),
        "credited": (("authorise", "receive", "inspect", "credit"), ""),
        "refused": (("authorise", "send", "refuse"), "undo-inspection"),
        "declined": (("decline",), ""),
    },
    "move": {
        "planned": ((), "finish cancel"),
        "done": (("finish",), ""),
        "cancelled": (("cancel",), ""),
    },
    "count": {
        "open": ((), "quantities finish cancel lines"),
        "counted": (("quantities", "finish"), "post recount cancel"),
        "posted": (("quantities", "finish", "post"), ""),
        "cancelled": (("cancel",), ""),
    },
}
CODES = {"count": "count_state"}


def said_with(yard: Yard, line_id: str) -> dict[str, dict[str, Any]]:
    """What is said with a verb that says more than itself, about an order line."""
    line, named = {"line_id": line_id}, {"product_id": yard.product_id}
    day = f"{yard.firm.today + timedelta(days=9)}"
    return {
        **dict.fromkeys(("cancel", "decline", "refuse", "close"), WHY),
        "amend": WHY | {"reference": "PO 1"},
        "promises": WHY | {"lines": [line | {"promised_on": day}]},
        "deliver": {"received_by": "Ben"},
        "inspect": {"lines": [line | {"restock": 2}]},
        "undo-inspection": WHY | {"part": 1},
        "quantities": {"lines": [named | {"quantity": 1}]},
        "lines": {"lines": [named]},
        "recount": WHY | {"lines": [named]},
    }


@pytest.mark.parametrize("kind", STORIES)
def test_what_the_table_of_states_does_not_have_is_refused_by_the_state(
    yard: Yard, kind: str
) -> None:
    verbs = sorted({verb for _, moves in STORIES[kind].values() for verb in moves.split()})
    for state, (done, may) in STORIES[kind].items():
        begin = getattr(yard, kind)
        made = begin(*done)
        path = made if isinstance(made, str) else f"/v1/orders/{made['order_id']}"
        said: dict[str, dict[str, Any]] = {}
        if kind != "move":
            page = yard.client.get(path)
            assert page["status"] == state
            said = said_with(yard, page["lines"][0]["line_id"])
        for verb in {*verbs} - {*may.split()}:
            status, code, _ = yard.refused("POST", f"{path}/{verb}", said.get(verb, {}))
            assert (status, code) == (409, CODES.get(kind, f"{noun(kind)}_{state}")), (verb, state)


def noun(kind: str) -> str:
    return {"returned": "return"}.get(kind, kind)


def test_what_there_is_not_is_said_so(yard: Yard) -> None:
    unknown = {
        "order": "ord",
        "shipment": "shp",
        "return": "ret",
        "stock-move": "mov",
        "count": "cnt",
    }
    for kind, prefix in unknown.items():
        stories = STORIES[{"return": "returned", "stock-move": "move"}.get(kind, kind)]
        verbs = {verb for _, moves in stories.values() for verb in moves.split()}
        path = f"/v1/{kind}s/{new_id(prefix)}"
        said = {} if kind == "stock-move" else said_with(yard, new_id("orl"))
        for verb in sorted(verbs):
            status, code, _ = yard.refused("POST", f"{path}/{verb}", said.get(verb, {}))
            assert (status, code[-9:]) == (404, "not_found"), (kind, verb, code)
            other = f"/v1/{kind}s/{new_id('xyz')}/{verb}"
            status, _, _ = yard.refused("POST", other, said.get(verb, {}))
            assert status in (404, 422), (kind, verb)
    for body, field in (
        ({"account_id": new_id("acc"), "lines": [{"sku": yard.sku, "quantity": 1}]}, "account_id"),
        ({"account_id": yard.account_id, "lines": [{"sku": "none", "quantity": 1}]}, "sku"),
        ({"account_id": yard.account_id, "lines": []}, "lines"),
        ({"account_id": yard.account_id, "lines": "all"}, "lines"),
        ({"account_id": yard.account_id}, "lines"),
    ):
        status, _, fields = yard.refused("POST", "/v1/orders", body)
        assert status in (404, 422), body
        assert status == 404 or any(field in one for one in fields), (body, fields)


def test_what_is_named_and_not_there_is_named_by_its_field(yard: Yard) -> None:
    person, account, owner = new_id("stf"), new_id("acc"), yard.firm.owner_id
    away = {"staff_id": owner, "until_on": f"{yard.firm.today}", **WHY}
    paid = {"amount": 1, "currency": "EUR", "external_id": new_id("pay"), "method": "transfer"}
    ordered = {"account_id": account, "lines": [{"sku": yard.sku, "quantity": 1}]}
    for path, body, field in (
        (f"/v1/accounts/{yard.account_id}/change-owner", {"owner_id": person} | WHY, "/owner_id"),
        (f"/v1/accounts/{account}/close", WHY, "account_id"),
        ("/v1/absences", away | {"delegate_id": person}, "/delegate_id"),
        (
            "/v1/payments",
            paid | {"account_id": account, "value_date": away["until_on"]},
            "/account_id",
        ),
        ("/v1/orders", ordered, "/account_id"),
        ("/v1/shipments", {"order_id": new_id("ord")}, "/order_id"),
    ):
        status, code, fields = yard.refused("POST", path, body)
        assert (status, fields) == (404, [field]), (path, code, fields)


def test_more_than_there_is_and_what_is_anothers_is_refused(yard: Yard) -> None:
    order, other = yard.order("confirm"), yard.order("confirm", "ship")
    line, anothers = (one["lines"][0]["line_id"] for one in (order, other))
    path, of = f"/v1/orders/{order['order_id']}", {"order_id": other["order_id"]}
    many = {"sku": yard.sku, "quantity": 100000}

    def lines(line_id: str, quantity: int) -> dict[str, Any]:
        return {"lines": [{"line_id": line_id, "quantity": quantity}]}

    for way, body, code in (
        (f"{path}/shipments", lines(line, 5), "more_than_open"),
        (f"{path}/shipments", lines(anothers, 1), "invalid_fields"),
        ("/v1/returns", of | WHY | lines(anothers, 5), "more_than_shipped"),
        ("/v1/returns", of | WHY | lines(line, 1), "line_not_returnable"),
        ("/v1/stock-moves/scrap", many | WHY, "out_of_stock"),
        ("/v1/stock-moves/transfer", many, "same_place"),
    ):
        _, said, _ = yard.refused("POST", way, body)
        assert said == code, (way, body)
    tomorrow = f"{yard.firm.today + timedelta(days=1)}"
    came = yard.returned("authorise")
    left = yard.shipment("assign", "pick", "ship")
    for way, body, field in (
        (f"{came}/receive", {"received_on": tomorrow}, "received_on"),
        (f"{came}/send", {"sent_on": tomorrow}, "sent_on"),
        (f"{left}/deliver", {"received_by": "Ben", "delivered_on": tomorrow}, "delivered_on"),
        ("/v1/stock-moves/scrap", many | WHY | {"moved_on": tomorrow}, "moved_on"),
        ("/v1/stock-periods", {"closed_to": tomorrow}, "closed_to"),
        ("/v1/inventory-reports", {"month": f"{yard.firm.today:%Y-%m}"}, "month"),
        ("/v1/inventory-reports", {"month": "2026-13"}, "month"),
        ("/v1/inventory-reports", {"month": 3}, "month"),
    ):
        _, _, fields = yard.refused("POST", way, body)
        assert any(field in one for one in fields), (way, body, fields)
