"""The ways into roles: /v1/roles."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.database import Database
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer, answer_json
from gateway.http.repeats import Repeats
from gateway.http.routes import Endpoint, own_endpoint
from gateway.keys.schemas import NoInput, PageQuery, load
from gateway.persons import roles, schemas
from gateway.persons.pages import SCOPE
from gateway.problems import Problem
from gateway.settings import Settings


class RolePages:
    """Read what roles may do, and say it anew: who does may do all that themselves, before and after."""

    def __init__(self, database: Database, repeats: Repeats, settings: Settings) -> None:
        self._database = database
        self._repeats = repeats
        self._settings = settings

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served here."""
        one = "/v1/roles/{role}"
        query: dict[str, Any] = {"scope": SCOPE, "is_for_all": True}
        return [
            own_endpoint("GET", "/v1/roles", self.list, **query),
            own_endpoint("GET", one, self.get, **query),
            own_endpoint("PUT", one, self.put, is_command=True, **query),
        ]

    async def list(self, request: Request) -> Answer:
        query = load(PageQuery(), request.read_query(), "parameter")
        async with self._database.transaction() as connection:
            return answer_json(await roles.list_roles(connection, **query))

    async def get(self, request: Request) -> Answer:
        load(NoInput(), request.read_query(), "parameter")
        async with self._database.transaction() as connection:
            row = await roles.fetch_role(connection, request.parameters["role"])
        return answer_json(roles.describe_role(row))

    async def put(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        scopes = load(schemas.PutRole(), body)["scopes"]
        role, caller = request.parameters["role"], request.caller
        if not roles.is_role(role):
            detail = "A role is named with up to 40 of a-z and _, and begins with a letter."
            raise Problem.of_field(422, "invalid_fields", detail, parameter="role")
        caller.power.require_scopes(scopes)
        caller.power.require_outlasting(None)

        async def put(connection: AsyncConnection) -> dict[str, Any]:
            row = await roles.find_role_to_change(connection, role)
            if row is not None:
                caller.power.require_scopes(row.scopes)
                request.require_version(row.version, role)
            return await roles.put_role(connection, role, scopes=scopes, by=caller.caller.subject)

        return await self._repeats.once(request, body, put, status=200)
