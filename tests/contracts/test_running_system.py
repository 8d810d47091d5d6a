"""The document held against a running system: its examples are understood, and what else is drawn from
it is answered as it says. The system is of these tests alone: they leave nothing as it was."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

from dev.fuzz import fuzz
from tests.scenarios.firm import Firm, running_firm

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def firm() -> Iterator[Firm]:
    with running_firm(f"contracts{os.getpid()}") as firm:
        yield firm


ID = re.compile(r"([a-z]{2,8})_01jd3v4q6ye8z9t5k2m7n0p1xw")
NOT_UNDERSTOOD = {"invalid_fields", "invalid_cursor", "malformed_json", "invalid_value"}


class World:
    """What there is to name in an example: of each kind, the thing that was answered last."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def remember(self, answer: Any) -> None:
        """Note every id in an answer."""
        for name, value in walk(answer):
            if name.endswith("_id") and isinstance(value, str) and "_" in value:
                self.ids[value.partition("_")[0]] = value

    def place(self, example: Any) -> Any:
        """The example with things that there are."""
        if isinstance(example, dict):
            return {name: self.place(value) for name, value in example.items()}
        if isinstance(example, list):
            return [self.place(value) for value in example]
        if isinstance(example, str):
            return ID.sub(lambda found: self.ids.get(found[1], found[0]), example)
        return example


def walk(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value, name)
    else:
        yield name, node


def in_order(operation: tuple[str, str, Any]) -> int:
    """What makes things first, what reads them next, what ends them last."""
    verb, _, said = operation
    return 0 if "201" in said["responses"] else {"GET": 1, "PATCH": 2, "PUT": 3}.get(verb, 4)


def test_every_documented_request_is_understood_and_most_succeed(firm: Firm) -> None:
    client: Any = firm.client
    world = World()
    for thing in firm.things():
        world.remember(thing)
    codes = {}
    for verb, template, said in sorted(client.promise.operations(), key=in_order):
        if template == "/v1/clock":
            continue  # it would move everybody's calendar
        named = {
            one["name"]: world.place(one.get("example") or one["schema"]["examples"][0])
            for one in client.promise.parameters_of(said)
            if one["in"] == "path" or (one["in"] == "query" and one.get("required"))
        }
        path = re.sub(r"{(\w+)}", lambda found, named=named: str(named.pop(found[1])), template)
        [content] = said.get("requestBody", {}).get("content", {"": None}).values()
        body = world.place(client.promise.example_of(content)) if content else None
        if isinstance(body, str):  # is sent as it is
            body = body.encode()
        answer = client.send(verb, path, body, query=named)
        if answer.status == 201:
            world.remember(answer.data)
        codes[f"{verb} {template}"] = None if answer.is_success else answer.data["code"]
    assert {name: code for name, code in codes.items() if code in NOT_UNDERSTOOD} == {}
    refused = [name for name, code in codes.items() if code]
    # Verbs that move a thing on are refused by things that stand elsewhere: some two fifths of all ways.
    assert len(refused) < len(codes) * 2 / 5, "\n".join(refused)


CURSORS = ["WyJcdTAwMDAiXQ", "W3RydWVd", "x", "", "%00", "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzA1OjAwIl0"]


def test_every_list_answers_a_page_or_that_the_cursor_is_not_its_own(firm: Firm) -> None:
    client: Any = firm.client
    account = firm.open_account()
    example = {
        "account_id": account["account_id"],
        "order_id": firm.order(account, TEA=1)["order_id"],
    }
    lists = [
        (template, said)
        for verb, template, said in client.promise.operations()
        if any(one["name"] == "after" for one in client.promise.parameters_of(said))
    ]
    assert len(lists) > 30
    for template, said in lists:
        needed = {
            one["name"]: example.get(one["name"], one.get("example"))
            for one in client.promise.parameters_of(said)
            if one.get("required")
        }
        path = template.format_map(needed)
        asked = "".join(
            f"{name}={needed[name]}&" for name in needed if f"{{{name}}}" not in template
        )
        for cursor in CURSORS:
            answer = client.send("GET", f"{path}?{asked}after={cursor}")
            assert answer.status in {200, 404, 422}, (template, cursor, answer.data)
            if answer.status == 422:
                assert answer.data["code"] in {"invalid_cursor", "nul_character"}, (
                    template,
                    cursor,
                )


@pytest.mark.parametrize(
    "path",
    [
        *(f"/v1/invoices?limit={one}" for one in ("1_0", "%205", "%2B5", "%EF%BC%95", "05", "5.0")),
        *(f"/v1/products?is_active={one}" for one in ("yes", "1", "True", "on", "")),
        *(f"/v1/accounts?q={one}" for one in ("%00", "%0A", "%E2%80%AE", "%C2%85")),
        "/v1/dunning-procedures/dpr_01jd3v4q6ye8z9t5k2m7n0p1xw/versions/1_0",
        "/v1/invoices/inv_01jd3v4q6ye8z9t5k2m7n0p1xw%0A",
        "/v1/invoices/%00",
        "/v1/reports/ageing?as_of=%EF%BC%92026-01-01",
    ],
)
def test_what_only_looks_like_a_number_a_text_or_an_id_is_refused(firm: Firm, path: str) -> None:
    assert firm.client.send("GET", path).status == 422


def test_what_is_drawn_from_the_document_is_answered_as_it_says(firm: Firm) -> None:
    client = firm.client
    done = fuzz(client.url, client.api_key, phases="fuzzing", cases_each=2, seed=1)
    assert done.returncode == 0, done.stdout
    assert "generated" in done.stdout
