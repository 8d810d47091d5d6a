"""Settings: what is missing or wrong ends the process with a sentence that says which."""

from __future__ import annotations

import pytest

from chassis.ground.config import ConfigurationError, settings


@pytest.fixture(autouse=True)
def needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What every service needs is set."""
    monkeypatch.setenv("AMQP_URI", "amqp://broker/")
    monkeypatch.setenv("DATABASE_URL", "postgresql://database/billing")
    monkeypatch.setenv("STEWARD_GATEWAY_PUBLIC_KEY", "key")


@pytest.mark.parametrize("name", ["Europe/Berlin", "Pacific/Auckland", "UTC"])
def test_the_business_lives_in_a_time_zone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("STEWARD_TIME_ZONE", name)
    assert settings.__wrapped__().time_zone.key == name


def test_it_is_utc_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEWARD_TIME_ZONE", raising=False)
    assert settings.__wrapped__().time_zone.key == "UTC"


@pytest.mark.parametrize("name", ["Berlin", "Europe", "../etc/passwd", "/etc/passwd", "", "CEST+1"])
def test_a_time_zone_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("STEWARD_TIME_ZONE", name)
    with pytest.raises(ConfigurationError, match="STEWARD_TIME_ZONE is a name of the IANA"):
        settings.__wrapped__()
