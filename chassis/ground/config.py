"""Configuration: from the environment, read once, checked, and named in full when something is wrong."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from kernel.broker import USERS_RULE, Users
from kernel.environment import secret_of

RPC_WORKERS = 8  # requests worked on at once ...
COSTLY_WORKERS = 2  # ... beside those that are costly
COSTLY_WAITING_MAX = 8  # of those that wait here; more are refused
RPC_PREFETCH = RPC_WORKERS + COSTLY_WORKERS + COSTLY_WAITING_MAX
GROUP_MAX = 64  # commands in one transaction; for each that takes many as many more are prefetched
GROUPS_AT_ONCE = 2  # such transactions of one command: beside a slow one there is another
GROUP_LANES_MAX = 4  # commands of a service that take many
EVENT_PREFETCH = 256  # events taken from each queue
EVENTS_AT_ONCE = 128  # events of one queue in one transaction
GATHER_SECONDS = 0.004  # for so long the first of them waits for those that come with it
BATCH_WORKERS = 6  # such transactions at once, each of another queue ...
SLOW_SECONDS = 0.5  # ... but for those that take longer than this
ALONE_WORKERS = 4  # events at once that have a transaction to themselves
CALL_KEY_BYTES = 32
LOOK_SECONDS_MAX = 3600
GROUP_WORKERS = GROUP_LANES_MAX * GROUPS_AT_ONCE
SERVICE_WORKERS = RPC_WORKERS + COSTLY_WORKERS + GROUP_WORKERS + BATCH_WORKERS + ALONE_WORKERS


class ConfigurationError(SystemExit):
    """A setting is missing or wrong. The process ends with a sentence that says which."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"steward: {sentence}")


@dataclass(frozen=True)
class Settings:
    """What a service process needs to know of the world around it."""

    amqp_uri: str
    database_url: str
    call_key: bytes
    users: Users
    health_host: str
    health_port: int
    is_clock_manual: bool
    time_zone: ZoneInfo
    is_log_text: bool
    is_traced: bool


@cache
def settings() -> Settings:
    """The process' settings; ConfigurationError names what is missing."""
    clock = _choice("STEWARD_CLOCK", "system", "manual")
    environment = _choice("STEWARD_ENV", "production", "development")
    if clock == "manual" and environment == "production":
        raise ConfigurationError("STEWARD_CLOCK=manual is refused with STEWARD_ENV=production.")
    return Settings(
        amqp_uri=amqp_uri(),
        database_url=database_url(),
        call_key=_call_key(_required("STEWARD_CALL_KEY")),
        users=_users(os.environ.get("STEWARD_BROKER_USERS", USERS_RULE), environment),
        health_host=os.environ.get("STEWARD_HEALTH_HOST", "127.0.0.1"),
        health_port=_port("STEWARD_HEALTH_PORT"),
        is_clock_manual=clock == "manual",
        time_zone=_time_zone("STEWARD_TIME_ZONE"),
        is_log_text=_choice("STEWARD_LOG", "json", "text") == "text",
        is_traced=bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")),
    )


def require_own_user(service: str) -> None:
    """ConfigurationError where AMQP_URI names a user whose messages do not count as the service's."""
    users = settings().users
    if users.own != users.of(service):
        raise ConfigurationError(
            f"AMQP_URI names the user {users.own}; what {service} says counts only from the user"
            f" {users.of(service)} (STEWARD_BROKER_USERS={users.rule})."
        )


def amqp_uri() -> str:
    """The broker, with this service's own user."""
    return _required("AMQP_URI")


def database_url() -> str:
    """The service's database, always through psycopg2: the driver proven not to block the hub."""
    url = make_url(_required("DATABASE_URL"))
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise ConfigurationError("DATABASE_URL must be a postgresql:// address.")
    return url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


def retry_seconds() -> tuple[float, ...]:
    """After how many seconds an event that failed is tried again, step by step."""
    given = os.environ.get("STEWARD_RETRY_SECONDS", "1,5,30,300,1800")
    if not re.fullmatch(r"\d+(\.\d+)?(,\d+(\.\d+)?)*", given):
        raise ConfigurationError(
            "STEWARD_RETRY_SECONDS is seconds parted by commas: 1,5,30,300,1800."
        )
    steps = tuple(float(step) for step in given.split(","))
    if min(steps) < 0.001 or len({*steps}) < len(steps):  # the time is the name of a step's queue
        raise ConfigurationError(
            "STEWARD_RETRY_SECONDS has steps of 0.001 and more, all different."
        )
    return steps


def look_seconds() -> int:
    """How often queues and exchanges are looked at. The same for all services: a relay waits for so long
    until all listeners have looked, where it had to make its exchange anew."""
    given = os.environ.get("STEWARD_LOOK_SECONDS", "60")
    if not (given.isascii() and given.isdigit() and 0 < int(given) <= LOOK_SECONDS_MAX):
        raise ConfigurationError(
            f"STEWARD_LOOK_SECONDS is whole seconds, 1 to {LOOK_SECONDS_MAX}, the same for all."
        )
    return int(given)


def _choice(name: str, *choices: str) -> str:
    value = os.environ.get(name, choices[0])
    if value not in choices:
        raise ConfigurationError(f"{name} is {' or '.join(choices)}.")
    return value


def _port(name: str) -> int:
    given = os.environ.get(name, "0")
    if not (given.isascii() and given.isdigit() and int(given) < 2**16):
        raise ConfigurationError(f"{name} is a port, 1 to 65535, or 0 for none.")
    return int(given)


def _call_key(digits: str) -> bytes:
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(key) != CALL_KEY_BYTES:
        raise ConfigurationError(
            f"STEWARD_CALL_KEY is {CALL_KEY_BYTES * 2} hexadecimal digits; "
            "`python -m ops.keys SERVICE` makes them from the gateway's STEWARD_CALL_SECRET."
        )
    return key


def _users(rule: str, environment: str) -> Users:
    try:
        users = Users.read(rule, amqp_uri())
    except ValueError as error:
        raise ConfigurationError(f"STEWARD_BROKER_USERS: {error}") from error
    if users.is_shared and environment == "production":
        raise ConfigurationError(
            "STEWARD_BROKER_USERS=shared is refused with STEWARD_ENV=production: nobody could be "
            "told from another."
        )
    return users


def _time_zone(name: str) -> ZoneInfo:
    given = os.environ.get(name, "UTC")
    try:
        return ZoneInfo(given)
    except (KeyError, OSError, ValueError) as error:  # not known; a folder; no name at all
        raise ConfigurationError(
            f"{name} is a name of the IANA database such as Europe/Berlin, not {given!r}."
        ) from error


def _required(name: str) -> str:
    try:
        value = secret_of(os.environ, name)
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    if not value:
        raise ConfigurationError(f"the environment variable {name} is not set.")
    return value


def wait_for_database(seconds: float = 60) -> None:
    """Wait until the database answers; ConfigurationError when it does not in time."""
    engine = create_engine(database_url(), connect_args={"connect_timeout": 3})
    deadline = time.monotonic() + seconds
    while True:
        try:
            with engine.connect():
                break
        except OperationalError as error:
            if time.monotonic() > deadline:
                raise ConfigurationError(f"the database does not answer: {error.orig}") from error
            time.sleep(0.2)
    engine.dispose()
