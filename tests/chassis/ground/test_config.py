"""A service's settings: what is missing or wrong is named, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from chassis.ground.config import (
    ConfigurationError,
    Settings,
    look_seconds,
    require_own_user,
    retry_seconds,
    settings,
)
from kernel.broker import Users

GOOD = {
    "AMQP_URI": "amqp://steward_billing:secret@localhost/",
    "DATABASE_URL": "postgresql://user:p%40ss@localhost:5432/billing",
    "STEWARD_CALL_KEY": "5a" * 32,
}
OTHERS = (
    *("STEWARD_CLOCK", "STEWARD_ENV", "STEWARD_LOG", "STEWARD_HEALTH_PORT"),
    *("STEWARD_TIME_ZONE", "STEWARD_RETRY_SECONDS", "OTEL_EXPORTER_OTLP_ENDPOINT"),
    *("STEWARD_BROKER_USERS", "STEWARD_LOOK_SECONDS"),
)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An environment with what is needed and no more."""
    for name in OTHERS:
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


def test_the_least_that_is_needed(environment: pytest.MonkeyPatch) -> None:
    assert settings() == Settings(
        amqp_uri="amqp://steward_billing:secret@localhost/",
        database_url="postgresql+psycopg2://user:p%40ss@localhost:5432/billing",
        call_key=b"Z" * 32,
        users=Users("steward_{owner}", "steward_billing"),
        health_host="127.0.0.1",
        health_port=0,
        is_clock_manual=False,
        time_zone=ZoneInfo("UTC"),
        is_log_text=False,
        is_traced=False,
    )
    assert retry_seconds() == (1, 5, 30, 300, 1800)
    assert look_seconds() == 60


@pytest.mark.parametrize("name", list(GOOD))
def test_what_is_missing_is_named(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setenv(name, "")
    with pytest.raises(ConfigurationError, match=name):
        settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/billing"),
        ("STEWARD_CLOCK", "fast"),
        ("STEWARD_ENV", "test"),
        ("STEWARD_LOG", "xml"),
        ("STEWARD_HEALTH_PORT", "http"),
        ("STEWARD_HEALTH_PORT", "-1"),
        ("STEWARD_HEALTH_PORT", "65536"),
        ("STEWARD_TIME_ZONE", "Berlin"),
        ("STEWARD_TIME_ZONE", "Europe"),
        ("STEWARD_TIME_ZONE", "../etc/passwd"),
        ("STEWARD_TIME_ZONE", ""),
        ("STEWARD_CALL_KEY", "a key"),
        ("STEWARD_CALL_KEY", "5a" * 31),
        ("STEWARD_CALL_KEY", "zz" * 32),
        ("STEWARD_BROKER_USERS", "everybody"),
        ("STEWARD_BROKER_USERS", "shared"),  # in production
    ],
)
def test_what_is_wrong_is_named(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        settings()


@pytest.mark.parametrize("given", ["", "1,", "one", "1 5", "1,5,1", "0,1", "-1", "1e3", "inf"])
def test_a_ladder_that_nobody_can_climb_is_named(
    environment: pytest.MonkeyPatch, given: str
) -> None:
    environment.setenv("STEWARD_RETRY_SECONDS", given)
    with pytest.raises(ConfigurationError, match="STEWARD_RETRY_SECONDS"):
        retry_seconds()


@pytest.mark.parametrize("given", ["", "0", "-1", "1.5", "often", "3601"])
def test_how_often_to_look_is_named(environment: pytest.MonkeyPatch, given: str) -> None:
    environment.setenv("STEWARD_LOOK_SECONDS", given)
    with pytest.raises(ConfigurationError, match="STEWARD_LOOK_SECONDS"):
        look_seconds()


def test_a_manual_clock_is_refused_in_production(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("STEWARD_CLOCK", "manual")
    with pytest.raises(ConfigurationError, match="STEWARD_CLOCK=manual is refused"):
        settings()
    environment.setenv("STEWARD_ENV", "development")
    assert settings().is_clock_manual


@pytest.mark.parametrize("name", ["Europe/Berlin", "Pacific/Auckland"])
def test_the_business_lives_in_a_time_zone(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setenv("STEWARD_TIME_ZONE", name)
    assert settings().time_zone.key == name


def test_a_service_uses_its_own_user_of_the_broker(environment: pytest.MonkeyPatch) -> None:
    require_own_user("billing")
    with pytest.raises(ConfigurationError, match="only from the user steward_sales"):
        require_own_user("sales")


def test_one_user_for_all_is_for_development_only(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("STEWARD_BROKER_USERS", "shared")
    environment.setenv("STEWARD_ENV", "development")
    users = settings().users
    assert users.of("sales") == users.own == "steward_billing"
