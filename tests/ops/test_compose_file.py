"""docker-compose.yml: each container reaches and holds what it needs, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.instances import OWNERS, SERVICES
from ops.subscribers import SETTING, USUAL

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
SENDING = {"billing", "collections"}
REACHES = {
    "secrets": set(),
    "rabbitmq": {"broker"},
    "postgres": {"database"},
    "databases": {"database"},
    **{f"migrate-{owner}": {"database", "broker"} for owner in OWNERS},
    **{service: {"database", "broker"} for service in SERVICES},
    **{service: {"database", "broker", "mail"} for service in SENDING},
    "gateway": {"database", "broker", "front"},
}


def networks_of(name: str) -> set[str]:
    container = CONTAINERS[name]
    return set() if container.get("network_mode") == "none" else set(container["networks"])


def test_every_container_is_in_the_networks_that_it_needs() -> None:
    assert {name: networks_of(name) for name in CONTAINERS} == REACHES


def test_from_database_and_broker_nothing_leads_into_the_world() -> None:
    inner = {name for name, network in COMPOSE["networks"].items() if network}
    assert inner == {"database", "broker"}
    assert all(COMPOSE["networks"][name] == {"internal": True} for name in inner)


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_has_an_end_to_its_processes_and_memory(name: str) -> None:
    container = CONTAINERS[name]
    assert 0 < container["pids_limit"] <= 500
    assert container["mem_limit"] in {"512m", "1g"}


@pytest.mark.parametrize("name", CONTAINERS)
def test_no_environment_holds_a_secret(name: str) -> None:
    """`docker inspect` shows it to whoever may ask."""
    environment = CONTAINERS[name].get("environment", {})
    secret = ("URI", "URL", "KEY", "PEPPER", "PASSWORD", "SECRET", "TOKEN")
    told = {one: value for one, value in environment.items() if any(word in one for word in secret)}
    assert told == ({"SMTP_URI_FILE": "/run/secrets/smtp_uri"} if name in SENDING else {})


def test_the_mail_servers_secret_is_for_who_sends_mail_alone() -> None:
    assert {name for name, one in CONTAINERS.items() if one.get("secrets")} == SENDING
    assert COMPOSE["secrets"] == {"smtp_uri": {"file": "${SMTP_URI_FILE:-./ops/smtp_uri}"}}
    assert (ROOT / "ops/smtp_uri").read_text().strip() == "smtp://localhost:25"


def test_of_the_broker_only_its_own_port_is_open() -> None:
    broker = CONTAINERS["rabbitmq"]
    assert broker["image"] == "rabbitmq:4"
    assert "./ops/rabbitmq_plugins:/etc/rabbitmq/enabled_plugins:ro" in broker["volumes"]
    assert (ROOT / "ops/rabbitmq_plugins").read_text() == "[].\n"
    environment = broker["environment"]
    assert environment["ERL_EPMD_ADDRESS"] == "127.0.0.1"
    assert environment["RABBITMQ_NODENAME"] == "rabbit@localhost"
    args = environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"]
    assert args == "-kernel inet_dist_use_interface {127,0,0,1}"


def test_the_broker_is_opened_to_subscribers_only_by_a_file_of_its_own() -> None:
    opened = yaml.safe_load((ROOT / "docker-compose.outside.yml").read_text())
    assert opened["services"].keys() == {"rabbitmq"}
    assert opened["services"]["rabbitmq"] == {
        "networks": ["broker", "outside"],
        "ports": ["${STEWARD_BROKER_ADDRESS:-127.0.0.1:5672}:5672"],
    }
    assert opened["networks"] == {"outside": None}


def test_who_may_hear_from_outside_is_a_setting_of_the_step_that_makes_secrets() -> None:
    told = {name for name, one in CONTAINERS.items() if SETTING in one.get("environment", {})}
    assert told == {"secrets"}
    default = CONTAINERS["secrets"]["environment"][SETTING]
    assert default == f"${{{SETTING}:-{USUAL}}}"


def test_only_the_gateway_is_published_and_only_to_this_machine() -> None:
    published = {name: one["ports"] for name, one in CONTAINERS.items() if "ports" in one}
    assert published == {"gateway": ["127.0.0.1:${STEWARD_PORT:-8000}:8000"]}
