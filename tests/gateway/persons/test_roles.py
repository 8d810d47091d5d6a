"""Roles: what is there from the beginning, and who may say what they do."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.gateway.persons.somebody import Somebody
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

READS = {"accounts:read", "billing:read", "collections:read", "sales:read"}


def outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        ("assistant", READS),
        ("account_manager", READS | {"accounts:write", "sales:write"}),
        (
            "lead",
            READS
            | {
                "accounts:write",
                "billing:approve",
                "collections:write",
                "sales:approve",
                "sales:write",
            },
        ),
        ("collector", READS | {"collections:write", "accounts:all"}),
        (
            "credit_controller",
            READS
            | {"accounts:all", "accounts:write", "billing:write"}
            | {"collections:approve", "collections:write"},
        ),
        (
            "director",
            READS
            | {"accounts:write", "billing:approve", "billing:write", "sales:approve", "sales:write"}
            | {"collections:approve", "collections:write"},
        ),
        ("admin", {"*", "accounts:all"}),
    ],
)
def test_there_are_roles_from_the_beginning(
    client: httpx.Client, role: str, scopes: set[str]
) -> None:
    shown = client.get(f"/v1/roles/{role}").json()
    assert set(shown["scopes"]) == scopes
    assert role in [one["role"] for one in client.get("/v1/roles?limit=500").json()["items"]]


def test_a_role_is_said_anew_and_those_who_have_it_may_at_once(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    first = client.put("/v1/roles/things_keeper", json={"scopes": ["things:write"]}).json()
    keeper = Somebody(client, roles=["things_keeper"])
    headers = {"If-Match": f'"{first["version"]}"'}
    sent = {"scopes": ["things:write", "things:read", "things:read"]}
    second = client.put("/v1/roles/things_keeper", json=sent, headers=headers).json()
    assert second["scopes"] == ["things:read", "things:write"]
    assert second["version"] == first["version"] + 1
    stale = client.put("/v1/roles/things_keeper", json=sent, headers=headers)
    assert outcome(stale) == (412, "version_mismatch")
    with gateway.client(keeper.sign_in(gateway.url)["token"]) as session:
        assert session.get("/v1/things").status_code == 200


def test_nobody_gives_a_role_or_takes_from_it_what_they_may_not_do(
    client: httpx.Client, gateway: RunningGateway
) -> None:
    client.put("/v1/roles/things_boss", json={"scopes": ["things:write"]})
    with gateway.client(gateway.make_key("admin things:read")) as minor:
        for role in ("things_new", "things_boss"):
            given = minor.put(f"/v1/roles/{role}", json={"scopes": ["things:write"]})
            assert outcome(given) == (403, "scope_not_held")
        taken = minor.put("/v1/roles/things_boss", json={"scopes": ["things:read"]})
        assert outcome(taken) == (403, "scope_not_held")
        assert minor.put("/v1/roles/things_new", json={"scopes": ["things:read"]}).is_success


@pytest.mark.parametrize(
    "scopes", [[], None, ["a b"], [f"{'a' * 40}:{'b' * 39}{one}" for one in "abcdefg"]]
)
def test_a_wrong_list_of_scopes_is_pointed_at(client: httpx.Client, scopes: Any) -> None:
    answer = client.put("/v1/roles/things_new", json={"scopes": scopes})
    assert outcome(answer) == (422, "invalid_fields")
    assert answer.json()["errors"][0]["pointer"].startswith("/scopes")


@pytest.mark.parametrize("role", ["Lead", "a" * 41, "a-b", "%00", "1st"])
def test_a_wrong_name_is_told_with_the_remedy(client: httpx.Client, role: str) -> None:
    answer = client.put(f"/v1/roles/{role}", json={"scopes": ["things:read"]})
    assert outcome(answer) == (422, "invalid_fields")
    assert answer.json()["errors"][0]["parameter"] == "role"
    assert outcome(client.get(f"/v1/roles/{role}")) == (404, "role_not_found")


def test_a_role_that_there_is_not_is_404(client: httpx.Client) -> None:
    assert outcome(client.get("/v1/roles/wizard")) == (404, "role_not_found")
    assert outcome(client.get("/v1/roles?after=Lead")) == (422, "invalid_cursor")
