"""Settings: what is missing or wrong is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.settings import SettingsError, load_settings

GOOD = {
    "AMQP_URI": "amqp://steward_gateway:secret@localhost/",
    "DATABASE_URL": "postgresql://user:p%40ss@localhost:5432/gateway",
    "STEWARD_CALL_SECRET": "s" * 32,
    "STEWARD_KEY_PEPPER": "p" * 32,
}


def test_the_least_that_is_needed() -> None:
    settings = load_settings(GOOD)
    assert settings.database_url == "postgresql+psycopg://user:p%40ss@localhost:5432/gateway"
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8080, 1)
    assert settings.is_clock_manual is False


@pytest.mark.parametrize("name", list(GOOD))
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({**GOOD, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/gateway"),
        ("DATABASE_URL", "nonsense"),
        ("STEWARD_CALL_SECRET", "short"),
        ("STEWARD_BROKER_USERS", "everybody"),
        ("STEWARD_LOOK_SECONDS", "0"),
        ("AMQP_URI", "amqp://steward_sales:secret@localhost/"),
        ("STEWARD_KEY_PEPPER", "short"),
        ("STEWARD_PORT", "http"),
        ("STEWARD_PORT", "-1"),
        ("STEWARD_WORKERS", "0"),
        ("STEWARD_CLOCK", "fast"),
        ("STEWARD_ENV", "test"),
        ("STEWARD_LOG", "xml"),
        ("STEWARD_TRUSTED_PROXIES", "proxy.example"),
        ("STEWARD_TRUSTED_PROXIES", "10.0.0.1/8"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({**GOOD, name: value})


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "pepper"
    path.write_text("q" * 40)
    given = {**GOOD, "STEWARD_KEY_PEPPER": "", "STEWARD_KEY_PEPPER_FILE": str(path)}
    assert load_settings(given).key_pepper == b"q" * 40
    path.unlink()
    with pytest.raises(SettingsError, match="STEWARD_KEY_PEPPER_FILE"):
        load_settings(given)


def test_trusted_proxies_are_networks_or_addresses() -> None:
    told = {**GOOD, "STEWARD_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.1 2001:db8::/32"}
    found = [str(network) for network in load_settings(told).trusted_proxies]
    assert found == ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"]
    assert load_settings(GOOD).trusted_proxies == ()


OIDC = {
    "STEWARD_OIDC_ISSUER": "https://login.firm.example",
    "STEWARD_OIDC_AUDIENCE": "desk",
    "STEWARD_OIDC_JWKS": "https://login.firm.example/keys",
}


def test_an_issuer_is_named_with_all_that_belongs_to_it_or_not_at_all() -> None:
    assert load_settings({**GOOD, **OIDC}).oidc == tuple(OIDC.values())
    assert load_settings(GOOD).oidc is None
    for name in OIDC:
        with pytest.raises(SettingsError, match=name):
            load_settings({**GOOD, **OIDC, name: ""})


@pytest.mark.parametrize(
    ("url", "environment", "is_taken"),
    [
        ("https://login.firm.example/keys", "production", True),
        ("http://127.0.0.1:9/keys", "development", True),
        ("http://127.0.0.1:9/keys", "production", False),
        ("file:///etc/keys", "development", False),
        ("login.firm.example/keys", "development", False),
    ],
)
def test_the_issuers_keys_come_over_tls_in_production(
    url: str, environment: str, is_taken: bool
) -> None:
    given = {**GOOD, **OIDC, "STEWARD_OIDC_JWKS": url, "STEWARD_ENV": environment}
    if is_taken:
        assert load_settings(given).oidc is not None
    else:
        with pytest.raises(SettingsError, match="STEWARD_OIDC_JWKS"):
            load_settings(given)


def test_a_manual_clock_is_refused_in_production() -> None:
    manual = {**GOOD, "STEWARD_CLOCK": "manual"}
    with pytest.raises(SettingsError, match="production"):
        load_settings(manual)
    assert load_settings({**manual, "STEWARD_ENV": "development"}).is_clock_manual


def test_the_process_ends_with_one_line_and_status_2() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "gateway", "run"],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr == "gateway: The environment variable AMQP_URI is not set.\n"


def test_one_user_for_all_is_for_development_only() -> None:
    shared = {**GOOD, "AMQP_URI": "amqp://one@localhost/", "STEWARD_BROKER_USERS": "shared"}
    with pytest.raises(SettingsError, match="nobody could be told from another"):
        load_settings(shared)
    users = load_settings({**shared, "STEWARD_ENV": "development"}).users
    assert users.of("billing") == users.own == "one"
