"""Contracts: what each service says of itself, remembered, so that one that is away is still known."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from gateway.database import Database
from gateway.http.routes import Endpoint, Routes
from gateway.models import contract, route
from gateway.problems import Problem
from gateway.rpc.internal import CallFailed, InternalCalls

DESCRIBE_SECONDS_MAX = 5.0
REFRESH_SECONDS = 30.0
RETRY_SECONDS = 1.0
ENDPOINT_SECONDS_MAX = 600.0
_PATH = re.compile(r"/v\d+(/([a-z0-9._-]+|{[a-z_][a-z0-9_]*}))+")
_VERBS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

log = structlog.get_logger()


class BadContract(Exception):
    """A service described itself in a way that cannot be served; the text says how."""


class Contracts:
    """The contracts of all services that were ever heard, and the routes they make."""

    def __init__(
        self,
        database: Database,
        internal: InternalCalls,
        expected: Iterable[str],
        is_present: Callable[[str], bool],
    ) -> None:
        self._is_present = is_present
        self._database = database
        self._internal = internal
        self.own: tuple[Endpoint, ...] = ()
        self._expected = frozenset(expected)
        self._news: set[str] = set()
        self._has_news = asyncio.Event()
        self.documents: dict[str, dict[str, Any]] = {}
        self.conflicts: list[dict[str, str]] = []
        self.problems: dict[str, str] = {}
        self.routes = Routes(())

    @property
    def services(self) -> list[str]:
        """Who is expected or was ever heard."""
        return sorted(self._expected | self.documents.keys())

    @property
    def time_zones(self) -> list[str]:
        """The time zones that services go by: one, unless their settings disagree."""
        return sorted({zone_of(document).key for document in self.documents.values()})

    @property
    def hashes(self) -> tuple[tuple[str, str], ...]:
        """What the merged documentation is made of, to tell whether it is still the newest."""
        return tuple((name, self.documents[name]["hash"]) for name in sorted(self.documents))

    def serve_own(self, endpoints: Iterable[Endpoint]) -> None:
        """Begin with the gateway's own routes, which no service can claim."""
        self.own = tuple(endpoints)
        self.routes = Routes(self.own)

    def note(self, service: str) -> None:
        """The service has appeared or has started anew: ask it to describe itself."""
        if re.fullmatch(r"[a-z][a-z0-9_]{0,40}", service):
            self._news.add(service)
            self._has_news.set()

    async def keep_up(self) -> None:
        """Remember what was known, then describe whoever there is news of, and everybody every 30 s,
        until cancelled."""
        while not await self._recall():
            await asyncio.sleep(RETRY_SECONDS)
        while True:
            try:
                async with asyncio.timeout(REFRESH_SECONDS):
                    await self._has_news.wait()
            except TimeoutError:
                self._news.update(filter(self._is_present, self.documents))
            self._has_news.clear()
            services, self._news = self._news, set()
            learned = await asyncio.gather(*map(self._learn, services))
            if not all(learned):
                await asyncio.sleep(RETRY_SECONDS)

    async def _recall(self) -> bool:
        try:
            await self._build()
        except Problem as problem:
            log.warning("contracts not read", detail=problem.detail)
            return False
        return True

    async def _learn(self, service: str) -> bool:
        try:
            document = await self._internal.call(
                service, "describe", seconds_max=DESCRIBE_SECONDS_MAX
            )
            check(document, service)
            self.problems.pop(service, None)
            # Which clock a service goes by is no part of its hash, but of what must be known of it.
            known = self.documents.get(service, {})
            if any(document.get(key) != known.get(key) for key in ("hash", "clock", "time_zone")):
                await self._store(service, document)
                await self._build()
                log.info("contract learned", service=service, hash=document["hash"][:12])
                if len(self.time_zones) > 1:
                    log.error("services go by different time zones", zones=self.time_zones)
        except BadContract as error:
            self.problems[service] = str(error)
            log.error("contract refused", service=service, error=str(error))
        except (CallFailed, Problem) as error:
            log.warning("contract not learned", service=service, error=str(error))
            if service not in self.documents:
                self.note(service)
                return False
        return True

    async def _store(self, service: str, document: dict[str, Any]) -> None:
        values = {"service": service, "hash": document["hash"], "document": document}
        wanted = [(one.verb, one.pattern) for one in read_endpoints(document)]
        claims = [{"verb": v, "pattern": p, "service": service} for v, p in wanted]
        async with self._database.transaction() as connection:
            await connection.execute(
                insert(contract)
                .values(values)
                .on_conflict_do_update(
                    index_elements=["service"], set_={**values, "described_at": func.now()}
                )
            )
            await connection.execute(
                delete(route).where(
                    route.c.service == service,
                    tuple_(route.c.verb, route.c.pattern).not_in(wanted),
                )
            )
            if claims:
                await connection.execute(insert(route).values(claims).on_conflict_do_nothing())

    async def _build(self) -> None:
        async with self._database.transaction() as connection:
            documents = {
                row.service: row.document
                for row in await connection.execute(select(contract))
                if _is_usable(row.document, row.service)
            }
            owners = {
                (row.verb, row.pattern): row.service
                for row in await connection.execute(select(route))
            }
        owners.update({(one.verb, one.pattern): one.service for one in self.own})
        endpoints, conflicts = [*self.own], []
        for service, document in documents.items():
            for endpoint in read_endpoints(document):
                owner = owners.get((endpoint.verb, endpoint.pattern), service)
                if owner == service:
                    endpoints.append(endpoint)
                else:
                    claim = f"{endpoint.verb} {endpoint.path}"
                    conflicts.append({"route": claim, "owner": owner, "refused": service})
        for conflict in conflicts:
            if conflict not in self.conflicts:
                log.error("two services claim one route", **conflict)
        self.documents, self.conflicts, self.routes = documents, conflicts, Routes(endpoints)


def read_endpoints(document: dict[str, Any]) -> list[Endpoint]:
    """The endpoints in a service's description of itself."""
    return [
        Endpoint(
            service=document["service"],
            method=one["method"],
            verb=one["verb"],
            path=one["path"],
            is_command=one["is_command"],
            scope=one["scope"],
            status=one["status"],
            seconds_max=float(one["seconds_max"]),
            is_document=one.get("is_document", False),
            is_streamed=one.get("is_streamed", False),
            raw_field=one.get("raw_field"),
            is_costly=one.get("is_costly", False),
            may_have_version=_may_have_version(document, one),
        )
        for one in document["endpoints"]
    ]


def _may_have_version(document: dict[str, Any], endpoint: dict[str, Any]) -> bool:
    """Whether what an endpoint answers may name its own version, as far as the documentation says."""
    openapi = document.get("openapi") or {}
    try:
        operation = openapi["paths"][endpoint["path"]][endpoint["verb"].lower()]
        answer = operation["responses"][str(endpoint["status"])]["content"]["application/json"]
        return _may_name("version", answer["schema"], openapi["components"]["schemas"])
    except (KeyError, TypeError):
        return True


def _may_name(name: str, schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    parts = [*schema.get("allOf", ())]
    if "$ref" in schema:
        parts.append(schemas[schema["$ref"].rpartition("/")[2]])
    if not parts and "properties" not in schema:
        return True
    return name in schema.get("properties", {}) or any(
        _may_name(name, part, schemas) for part in parts
    )


def zone_of(document: dict[str, Any]) -> ZoneInfo:
    """The time zone that a service goes by: the business'."""
    return ZoneInfo(document.get("time_zone", "UTC"))


def _is_usable(document: Any, service: str) -> bool:
    # What an older gateway stored may not do any more; the service will be asked again.
    try:
        check(document, service)
    except BadContract as error:
        log.warning("contract not used", service=service, error=str(error))
        return False
    return True


def check(document: Any, service: str) -> None:
    """BadContract where a description is not one that can be served."""
    try:
        endpoints = read_endpoints(document)
        if document["service"] != service:
            raise BadContract(f"it calls itself {document['service']}")
        zone_of(document)
        for key, kind in (("hash", str), ("openapi", dict), ("daily", list)):
            if not isinstance(document[key], kind):
                raise BadContract(f"{key} is no {kind.__name__}")
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise BadContract(f"{type(error).__name__} {error}") from error
    for one in endpoints:
        if (
            one.verb not in _VERBS
            or not _PATH.fullmatch(one.path)
            or len(set(one.parameters)) != len(one.parameters)
            or not (isinstance(one.scope, str) and one.scope)
            or not (isinstance(one.status, int) and 200 <= one.status < 300)
            or not 0 < one.seconds_max <= ENDPOINT_SECONDS_MAX
        ):
            raise BadContract(f"{one.verb} {one.path} cannot be served")
    routes = {(one.verb, one.pattern) for one in endpoints}
    if len(routes) != len(endpoints):
        raise BadContract("it claims one route twice")
