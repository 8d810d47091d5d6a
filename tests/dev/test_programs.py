"""What each process of the system is told, and what it must not know."""

from pathlib import Path
from typing import Any, cast

import pytest

from dev import programs
from dev.servers import Servers
from ops.keys import Keys, load_keys


class NamedAfterTheirUsers:
    """Servers whose addresses are the names of those who use them."""

    users_rule = "steward_{owner}"

    def amqp_uri(self, user: str) -> str:
        return f"amqp://{user}"

    def database_url(self, name: str) -> str:
        return f"postgresql://{name}"


def make_plan(**changes: Any) -> programs.Plan:
    plan: dict[str, Any] = {
        "servers": cast(Servers, NamedAfterTheirUsers()),
        "keys": Keys(call_secret="secret", pepper="pepper"),
        "mail_folder": Path("mail"),
        "shared": {"STEWARD_CLOCK": "manual"},
    }
    return programs.Plan(**{**plan, **changes})


@pytest.mark.parametrize("owner", make_plan().owners)
def test_everybody_gets_their_own_servers_and_the_shared_settings(owner: str) -> None:
    environment = programs.list_environment(make_plan(), owner)
    assert environment["AMQP_URI"] == f"amqp://{owner}"
    assert environment["DATABASE_URL"] == f"postgresql://{owner}"
    assert environment["STEWARD_CLOCK"] == "manual"


def test_only_the_gateway_can_vouch_for_calls() -> None:
    plan = make_plan()
    told = {owner: programs.list_environment(plan, owner) for owner in plan.owners}
    assert [owner for owner in told if "secret" in told[owner].values()] == ["gateway"]
    assert [owner for owner in told if "pepper" in told[owner].values()] == ["gateway"]
    keys = {told[owner].get("STEWARD_CALL_KEY") for owner in plan.owners}
    assert len(keys) == len(plan.owners)  # each service another, the gateway none


def test_replicas_have_names_and_health_addresses_of_their_own() -> None:
    listed = programs.list_programs(make_plan(replicas={"billing": 3}))
    assert [program.name for program in listed] == [
        "mailbox",
        "accounts",
        "billing",
        "billing-2",
        "billing-3",
        "collections",
        "sales",
        "gateway",
    ]
    assert len({program.health for program in listed}) == len(listed)


def test_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    keys = load_keys(tmp_path)
    assert load_keys(tmp_path) == keys
    assert len(keys.call_secret) == len(keys.pepper) == 64
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
