"""The ways into API keys: /v1/api-keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.database import Database
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer, answer_json
from gateway.http.repeats import Repeats
from gateway.http.routes import Endpoint, own_endpoint
from gateway.keys import schemas, store
from gateway.keys.authentication import Authenticator
from gateway.keys.holders import power_of
from gateway.problems import Problem
from gateway.settings import Settings

SCOPE = "admin"


class KeyPages:
    """Make, list, rotate and revoke keys; nobody passes on more than they hold, nor sees or ends a
    key that reaches further."""

    def __init__(
        self, database: Database, repeats: Repeats, authenticator: Authenticator, settings: Settings
    ) -> None:
        self._database = database
        self._repeats = repeats
        self._authenticator = authenticator
        self._settings = settings

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served here."""
        base, one = "/v1/api-keys", "/v1/api-keys/{key_id}"
        command = {"is_command": True, "scope": SCOPE}
        return [
            own_endpoint("POST", base, self.create, status=201, **command),
            own_endpoint("GET", base, self.list, scope=SCOPE),
            own_endpoint("GET", one, self.get, scope=SCOPE),
            own_endpoint("POST", f"{one}/rotate", self.rotate, **command),
            own_endpoint("POST", f"{one}/revoke", self.revoke, **command),
        ]

    async def create(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        wanted = schemas.load(schemas.CreateKey(), body)
        wished = power_of(wanted, self._settings)
        request.caller.power.require_held(wished)

        async def create(connection: AsyncConnection) -> dict[str, Any]:
            return await store.create_key(
                connection,
                by=request.caller.caller.subject,
                pepper=self._settings.key_pepper,
                **wanted,
            )

        answer = await self._repeats.once(request, body, create, status=201)
        key_id = orjson.loads(answer.body)["key_id"]
        answer.headers.append((b"location", f"/v1/api-keys/{key_id}".encode()))
        return answer

    async def list(self, request: Request) -> Answer:
        query = schemas.load(schemas.PageQuery(), request.read_query(), "parameter")
        async with self._database.transaction() as connection:
            return answer_json(await store.list_keys(connection, request.caller.power, **query))

    async def get(self, request: Request) -> Answer:
        schemas.load(schemas.NoInput(), request.read_query(), "parameter")
        async with self._database.transaction() as connection:
            row = await store.fetch_key(
                connection, request.caller.power, request.parameters["key_id"]
            )
        return answer_json(store.describe_key(row))

    async def rotate(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        overlap = timedelta(seconds=schemas.load(schemas.RotateKey(), body)["overlap_seconds"])
        key_id = request.parameters["key_id"]
        async with self._database.transaction() as connection:  # and for who only asks again, too
            row = await store.fetch_key(connection, request.caller.power, key_id)
            request.caller.power.require_held(power_of(row._mapping, self._settings))

        async def rotate(connection: AsyncConnection) -> dict[str, Any]:
            row = await self._fetch_to_change(connection, request)
            if row.revoked_at is not None:
                raise Problem(409, "api_key_revoked", "This key is revoked; create a new one.")
            return await store.rotate_key(
                connection, key_id, overlap=overlap, pepper=self._settings.key_pepper
            )

        answer = await self._repeats.once(request, body, rotate, status=200)
        self._authenticator.forget(key_id)
        return answer

    async def revoke(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        schemas.load(schemas.NoInput(), body)
        key_id = request.parameters["key_id"]

        async def revoke(connection: AsyncConnection) -> dict[str, Any]:
            row = await self._fetch_to_change(connection, request)
            if row.revoked_at is not None:
                return store.describe_key(row)
            return await store.revoke_key(connection, key_id, by=request.caller.caller.subject)

        answer = await self._repeats.once(request, body, revoke, status=200)
        self._authenticator.forget(key_id)
        return answer

    async def _fetch_to_change(self, connection: AsyncConnection, request: Request) -> Any:
        key_id = request.parameters["key_id"]
        row = await store.fetch_key_to_change(connection, request.caller.power, key_id)
        request.require_version(row.version, key_id)
        return row
