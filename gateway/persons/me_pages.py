"""The ways into oneself: /v1/me."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.database import Database
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer, answer_json
from gateway.http.repeats import Repeats
from gateway.http.routes import ANY, Endpoint, own_endpoint
from gateway.keys.schemas import NoInput, load
from gateway.models import person_secret
from gateway.persons import schemas, store
from gateway.persons.passwords import Passwords
from gateway.persons.sessions import revoke_others
from gateway.persons.tries import Tries
from gateway.problems import Problem
from gateway.settings import Settings


class MePages:
    """Who one is; and a person's own password, which an administrator has set at first."""

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
        command: dict[str, Any] = {"scope": ANY, "is_command": True, "is_secret": True}
        return [
            own_endpoint("GET", "/v1/me", self.get, scope=ANY),
            own_endpoint("POST", "/v1/me/set-password", self.set_password, **command),
        ]

    async def get(self, request: Request) -> Answer:
        load(NoInput(), request.read_query(), "parameter")
        holder = request.caller
        person = await self._fetch(holder.person_id) if holder.person_id else None
        accounts = holder.power.accounts
        return answer_json(
            {
                "subject": holder.caller.subject,
                "staff_id": holder.caller.staff_id,
                "person_id": holder.person_id,
                "session_id": holder.key_id if person else None,
                "key_id": None if person else holder.key_id,
                "name": person.name if person else None,
                "email": person.email if person else None,
                "roles": person.roles if person else [],
                "scopes": sorted(holder.power.scopes),
                "accounts": None if accounts is None else sorted(accounts),
            }
        )

    async def set_password(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        sent = load(schemas.SetOwnPassword(), body)
        person_id, session_id = request.caller.person_id, request.caller.key_id
        if person_id is None:
            detail = "An API key has no password; sign in as the person whose it is."
            raise Problem(409, "no_person", detail)
        tries = Tries(self._database, self._settings.key_pepper)
        email = (await self._fetch(person_id)).email
        await tries.begin(request.address, email)
        digest = await self._passwords.digest(sent["password"])

        async def set_password(connection: AsyncConnection) -> dict[str, Any]:
            await self._require_own(connection, person_id, sent["current_password"])
            await revoke_others(connection, person_id, session_id, by=request.caller.caller.subject)
            return await store.keep_secret(connection, person_id, password=digest)

        answer = await self._repeats.once(request, body, set_password, status=200)
        await tries.forgive(request.address, email)
        return answer

    async def _require_own(
        self, connection: AsyncConnection, person_id: str, password: str
    ) -> None:
        """Problem 422 unless it is the person's password, which nobody changes meanwhile."""
        await store.lock_person(connection, person_id)
        statement = select(person_secret.c.password).where(person_secret.c.person_id == person_id)
        if not await self._passwords.is_right(await connection.scalar(statement), password):
            detail = "This is not your password until now; who has none is given one by others."
            pointer = "/current_password"
            raise Problem.of_field(422, "password_wrong", detail, pointer=pointer)

    async def _fetch(self, person_id: str) -> Any:
        async with self._database.transaction() as connection:
            return await store.fetch_person_by_id(connection, person_id)
