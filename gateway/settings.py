"""Configuration: from the environment, read once, checked, and named in full when something is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from gateway.http.addresses import Networks
from kernel.broker import GATEWAY, USERS_RULE, Users
from kernel.environment import secret_of

SECRET_CHARACTERS_MIN = 32


class SettingsError(Exception):
    """A setting is missing or wrong; the text is one sentence that says which."""


class Oidc(NamedTuple):
    """Whose id tokens are believed: the issuer, who we are to it (its client id), where its keys are."""

    issuer: str
    audience: str
    keys_url: str


@dataclass(frozen=True)
class Settings:
    """What a gateway process needs to know of the world around it."""

    amqp_uri: str
    database_url: str
    call_secret: bytes
    users: Users
    key_pepper: bytes
    services: tuple[str, ...]
    host: str
    port: int
    workers: int
    is_clock_manual: bool
    is_log_json: bool
    is_traced: bool
    requests_per_second: int
    body_bytes_max: int
    connections_max: int
    calls_max: int
    look_seconds: float
    calls_per_key: int
    trusted_proxies: Networks
    oidc: Oidc | None


def own_settings() -> Settings:
    """The settings of this process."""
    return load_settings(os.environ)


def counts_folder() -> str | None:
    """Where the counts of several workers meet, as prometheus-client finds it; none with one worker."""
    return os.environ.get("PROMETHEUS_MULTIPROC_DIR")


def load_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment. SettingsError names the first one that is missing or wrong."""
    environments = ("production", "development")
    is_production = _choice(environment, "STEWARD_ENV", environments) == "production"
    return Settings(
        amqp_uri=_required(environment, "AMQP_URI"),
        database_url=load_database_url(environment),
        call_secret=_secret(environment, "STEWARD_CALL_SECRET"),
        users=_users(environment, is_production=is_production),
        key_pepper=load_pepper(environment),
        services=tuple(environment.get("STEWARD_SERVICES", "").split()),
        host=environment.get("STEWARD_HOST", "127.0.0.1"),
        port=_whole(environment, "STEWARD_PORT", 8080, at_least=0),
        workers=_whole(environment, "STEWARD_WORKERS", 1),
        is_clock_manual=_is_clock_manual(environment, is_production=is_production),
        is_log_json=_choice(environment, "STEWARD_LOG", ("json", "text")) == "json",
        is_traced=bool(environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")),
        requests_per_second=_whole(environment, "STEWARD_REQUESTS_PER_SECOND", 300),
        body_bytes_max=_whole(environment, "STEWARD_BODY_BYTES_MAX", 1024 * 1024),
        connections_max=_whole(environment, "STEWARD_CONNECTIONS_MAX", 2000),
        calls_max=_whole(environment, "STEWARD_CALLS_MAX", 500),
        look_seconds=float(_whole(environment, "STEWARD_LOOK_SECONDS", 60)),
        calls_per_key=_whole(environment, "STEWARD_CALLS_PER_KEY", 20),
        trusted_proxies=_networks(environment, "STEWARD_TRUSTED_PROXIES"),
        oidc=_oidc(environment, is_production=is_production),
    )


def load_database_url(environment: Mapping[str, str]) -> str:
    """The gateway's database, always through psycopg 3."""
    try:
        url = make_url(_required(environment, "DATABASE_URL"))
    except ArgumentError as error:
        raise SettingsError("DATABASE_URL must be a postgresql:// address.") from error
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise SettingsError("DATABASE_URL must be a postgresql:// address.")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def load_pepper(environment: Mapping[str, str]) -> bytes:
    """The secret that stored key digests are made with."""
    return _secret(environment, "STEWARD_KEY_PEPPER")


def _secret(environment: Mapping[str, str], name: str) -> bytes:
    secret = _required(environment, name)
    if len(secret) < SECRET_CHARACTERS_MIN:
        raise SettingsError(f"{name} needs at least {SECRET_CHARACTERS_MIN} characters.")
    return secret.encode()


def _users(environment: Mapping[str, str], *, is_production: bool) -> Users:
    rule = environment.get("STEWARD_BROKER_USERS", USERS_RULE)
    try:
        users = Users.read(rule, _required(environment, "AMQP_URI"))
    except ValueError as error:
        raise SettingsError(f"STEWARD_BROKER_USERS: {error}") from error
    if users.is_shared and is_production:
        raise SettingsError(
            "STEWARD_BROKER_USERS=shared is refused with STEWARD_ENV=production: nobody could be "
            "told from another."
        )
    if users.own != users.of(GATEWAY):
        raise SettingsError(
            f"AMQP_URI names the user {users.own}; the services believe only {users.of(GATEWAY)} "
            f"(STEWARD_BROKER_USERS={rule})."
        )
    return users


def _oidc(environment: Mapping[str, str], *, is_production: bool) -> Oidc | None:
    given = {
        name: environment.get(name, "")
        for name in ("STEWARD_OIDC_ISSUER", "STEWARD_OIDC_AUDIENCE", "STEWARD_OIDC_JWKS")
    }
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not value:
            raise SettingsError(f"{name} is not set, but others of STEWARD_OIDC_… are.")
    place = urlsplit(given["STEWARD_OIDC_JWKS"])
    if place.scheme not in ({"https"} if is_production else {"https", "http"}) or not place.netloc:
        raise SettingsError("STEWARD_OIDC_JWKS is the https:// address of the issuer's JWK set.")
    return Oidc(*given.values())


def _is_clock_manual(environment: Mapping[str, str], *, is_production: bool) -> bool:
    is_manual = _choice(environment, "STEWARD_CLOCK", ("system", "manual")) == "manual"
    if is_manual and is_production:
        raise SettingsError("STEWARD_CLOCK=manual is refused with STEWARD_ENV=production.")
    return is_manual


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environment.get(name, choices[0])
    if value not in choices:
        raise SettingsError(f"{name} is {' or '.join(choices)}.")
    return value


def _whole(environment: Mapping[str, str], name: str, default: int, at_least: int = 1) -> int:
    text = environment.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) >= at_least):
        raise SettingsError(f"{name} is a whole number of at least {at_least}.")
    return int(text)


def _networks(environment: Mapping[str, str], name: str) -> Networks:
    try:
        return tuple(map(ip_network, environment.get(name, "").replace(",", " ").split()))
    except ValueError as error:
        detail = "is a list of networks such as 10.0.0.0/8 192.0.2.1"
        raise SettingsError(f"{name} {detail}; {error}.") from error


def _required(environment: Mapping[str, str], name: str) -> str:
    try:
        value = secret_of(environment, name)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    if not value:
        raise SettingsError(f"The environment variable {name} is not set.")
    return value
