"""The processes of one instance: the command and the environment of each."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dev.child import Program
from dev.ports import free_port
from dev.servers import Servers
from ops.instances import SERVICES
from ops.keys import Keys

_PYTHON = sys.executable


@dataclass(frozen=True)
class Plan:
    """What is to run: where, with which keys, and how many processes of which service.

    `shared` is part of the environment of every process.
    """

    servers: Servers
    keys: Keys
    mail_folder: Path
    shared: Mapping[str, str]
    services: tuple[str, ...] = SERVICES
    replicas: Mapping[str, int] = field(default_factory=dict)
    gateway_port: int = field(default_factory=free_port)
    mail_port: int = field(default_factory=free_port)

    @property
    def owners(self) -> tuple[str, ...]:
        """Who has a database to migrate."""
        return (*self.services, "gateway")


def list_programs(plan: Plan) -> list[Program]:
    """Return the mail server, the processes of each service, and the gateway."""
    services = [
        _describe_service(plan, service, number)
        for service in plan.services
        for number in range(1, plan.replicas.get(service, 1) + 1)
    ]
    return [_describe_mailbox(plan), *services, _describe_gateway(plan)]


def list_environment(plan: Plan, owner: str) -> dict[str, str]:
    """Return the environment of a service or of `gateway`, without what one process has alone."""
    environment = {
        **plan.shared,
        "AMQP_URI": plan.servers.amqp_uri(owner),
        "DATABASE_URL": plan.servers.database_url(owner),
        "STEWARD_BROKER_USERS": plan.servers.users_rule,
    }
    if owner == "gateway":
        return {
            **environment,
            "STEWARD_HOST": "127.0.0.1",
            "STEWARD_PORT": str(plan.gateway_port),
            "STEWARD_WORKERS": "1",
            "STEWARD_SERVICES": " ".join(plan.services),
            "STEWARD_CALL_SECRET": plan.keys.call_secret,
            "STEWARD_KEY_PEPPER": plan.keys.pepper,
        }
    return {
        **environment,
        "STEWARD_CALL_KEY": plan.keys.call_key(owner),
        "SMTP_URI": f"smtp://127.0.0.1:{plan.mail_port}",
    }


def list_migration(owner: str) -> list[str]:
    """Return the command that brings the database of a service or of `gateway` up to date."""
    if owner == "gateway":
        return [_PYTHON, "-m", "gateway", "migrate"]
    return [_PYTHON, "-m", "chassis", "migrate", f"services.{owner}"]


def list_key_creation(name: str) -> list[str]:
    """Return the command whose last line is a new API key that may do everything."""
    return [_PYTHON, "-m", "gateway", "create-key", "--name", name, "--scopes", "*"]


def _describe_service(plan: Plan, service: str, number: int) -> Program:
    port = free_port()
    return Program(
        name=service if number == 1 else f"{service}-{number}",
        argv=(_PYTHON, "-m", "chassis", "run", f"services.{service}"),
        env={**list_environment(plan, service), "STEWARD_HEALTH_PORT": str(port)},
        health=f"http://127.0.0.1:{port}/health/ready",
    )


def _describe_gateway(plan: Plan) -> Program:
    return Program(
        name="gateway",
        argv=(_PYTHON, "-m", "gateway", "run"),
        env=list_environment(plan, "gateway"),
        health=f"http://127.0.0.1:{plan.gateway_port}/health/ready?services=all",
    )


def _describe_mailbox(plan: Plan) -> Program:
    place = ("--port", str(plan.mail_port), "--folder", str(plan.mail_folder))
    return Program(
        name="mailbox",
        argv=(_PYTHON, "-m", "dev.mailbox", *place),
        health=f"tcp://127.0.0.1:{plan.mail_port}",
    )
