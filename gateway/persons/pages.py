"""The ways into persons, for an administrator: /v1/persons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.database import Database
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer, answer_json
from gateway.http.repeats import Repeats
from gateway.http.routes import Endpoint, own_endpoint
from gateway.keys.powers import Power
from gateway.keys.schemas import NoInput, PageQuery, load
from gateway.persons import schemas, store
from gateway.persons.codes import Codes, address_of, new_secret
from gateway.persons.passwords import Passwords
from gateway.persons.roles import read_scopes
from gateway.persons.sessions import revoke_all
from gateway.settings import Settings

SCOPE = "admin"

Change = Callable[[AsyncConnection, Any], Awaitable[dict[str, Any]]]


class PersonPages:
    """Invite, list, edit, keep out and let in, give a password or a code generator. Nobody sees, changes
    or makes a person who reaches further than themselves."""

    def __init__(
        self, database: Database, repeats: Repeats, passwords: Passwords, settings: Settings
    ) -> None:
        self._database = database
        self._repeats = repeats
        self._passwords = passwords
        self._settings = settings

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served here."""
        base, one = "/v1/persons", "/v1/persons/{person_id}"
        query: dict[str, Any] = {"scope": SCOPE, "is_for_all": True}
        command: dict[str, Any] = {**query, "is_command": True}
        return [
            own_endpoint("POST", base, self.create, status=201, **command),
            own_endpoint("GET", base, self.list, **query),
            own_endpoint("GET", one, self.get, **query),
            own_endpoint("PATCH", one, self.edit, **command),
            own_endpoint("POST", f"{one}/deactivate", self.deactivate, **command),
            own_endpoint("POST", f"{one}/activate", self.activate, **command),
            own_endpoint(
                "POST", f"{one}/set-password", self.set_password, is_secret=True, **command
            ),
            own_endpoint("POST", f"{one}/enrol-code-generator", self.enrol, **command),
            own_endpoint("POST", f"{one}/reset", self.reset, **command),
        ]

    async def create(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        wanted = load(schemas.CreatePerson(), body)
        caller = request.caller

        async def create(connection: AsyncConnection) -> dict[str, Any]:
            scopes = await read_scopes(connection, wanted["roles"])
            caller.power.require_held(self._power(scopes, wanted["staff_id"]))
            return await store.create_person(connection, by=caller.caller.subject, **wanted)

        answer = await self._repeats.once(request, body, create, status=201)
        person_id = orjson.loads(answer.body)["person_id"]
        answer.headers.append((b"location", f"/v1/persons/{person_id}".encode()))
        return answer

    async def list(self, request: Request) -> Answer:
        query = load(PageQuery(), request.read_query(), "parameter")
        async with self._database.transaction() as connection:
            return answer_json(await store.list_persons(connection, request.caller.power, **query))

    async def get(self, request: Request) -> Answer:
        load(NoInput(), request.read_query(), "parameter")
        async with self._database.transaction() as connection:
            row = await store.fetch_person(
                connection, request.caller.power, request.parameters["person_id"]
            )
        return answer_json(store.describe_person(row))

    async def edit(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        wanted = load(schemas.EditPerson(), body)

        async def edit(connection: AsyncConnection, row: Any) -> dict[str, Any]:
            scopes = await read_scopes(connection, wanted.get("roles", row.roles))
            wished = self._power(scopes, wanted.get("staff_id", row.staff_id))
            request.caller.power.require_held(wished)
            return await store.change_person(connection, row.person_id, **wanted)

        return await self._change(request, body, edit)

    async def deactivate(self, request: Request) -> Answer:
        body = await self._read_nothing(request)

        async def deactivate(connection: AsyncConnection, row: Any) -> dict[str, Any]:
            await revoke_all(connection, row.person_id, by=request.caller.caller.subject)
            return await store.change_person(connection, row.person_id, is_active=False)

        return await self._change(request, body, deactivate)

    async def activate(self, request: Request) -> Answer:
        body = await self._read_nothing(request)

        async def activate(connection: AsyncConnection, row: Any) -> dict[str, Any]:
            return await store.change_person(connection, row.person_id, is_active=True)

        return await self._change(request, body, activate)

    async def set_password(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        password = load(schemas.SetPassword(), body)["password"]
        digest = await self._passwords.digest(password)

        async def set_password(connection: AsyncConnection, row: Any) -> dict[str, Any]:
            request.caller.power.require_held(self._power(row.scopes, row.staff_id))
            await revoke_all(connection, row.person_id, by=request.caller.caller.subject)
            return await store.keep_secret(connection, row.person_id, password=digest)

        return await self._change(request, body, set_password)

    async def enrol(self, request: Request) -> Answer:
        body = await self._read_nothing(request)
        person_id = request.parameters["person_id"]
        secret = new_secret()
        sealed = Codes(self._settings.key_pepper).seal(secret, person_id)
        async with self._database.transaction() as connection:  # and for who only asks again, too
            row = await store.fetch_person(connection, request.caller.power, person_id)
            request.caller.power.require_held(self._power(row.scopes, row.staff_id))

        async def enrol(connection: AsyncConnection, row: Any) -> dict[str, Any]:
            await revoke_all(connection, person_id, by=request.caller.caller.subject)
            shown = await store.keep_secret(connection, person_id, totp=sealed, totp_step=0)
            return {**shown, "secret": secret, "address": address_of(secret, row.email)}

        return await self._change(request, body, enrol)

    async def reset(self, request: Request) -> Answer:
        body = await self._read_nothing(request)

        async def reset(connection: AsyncConnection, row: Any) -> dict[str, Any]:
            await revoke_all(connection, row.person_id, by=request.caller.caller.subject)
            return await store.keep_secret(connection, row.person_id, password=None, totp=None)

        return await self._change(request, body, reset)

    def _power(self, scopes: Iterable[str], staff_id: str | None) -> Power:
        """What a person has who may do this, in every session that they begin."""
        settings = self._settings
        return Power(
            scopes=frozenset(scopes),
            accounts=None,
            expires_at=None,
            requests_per_second=settings.requests_per_second,
            calls_at_once=settings.calls_per_key,
            staff_id=staff_id,
        )

    async def _read_nothing(self, request: Request) -> dict[str, Any]:
        body = await request.read_object(self._settings.body_bytes_max)
        load(NoInput(), body)
        return body

    async def _change(self, request: Request, body: dict[str, Any], change: Change) -> Answer:
        """Do to the person that the path names, once, and only to the version that was seen."""

        async def do(connection: AsyncConnection) -> dict[str, Any]:
            row = await store.fetch_person_to_change(
                connection, request.caller.power, request.parameters["person_id"]
            )
            request.require_version(row.version, row.person_id)
            return await change(connection, row)

        return await self._repeats.once(request, body, do, status=200)
