"""The ways into sessions: /v1/sessions."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.database import Database
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer, answer_json
from gateway.http.repeats import Repeats
from gateway.http.routes import ANY, Endpoint, own_endpoint
from gateway.keys.authentication import Authenticator
from gateway.keys.schemas import NoInput, load
from gateway.persons import schemas, sessions, store
from gateway.persons.pages import SCOPE
from gateway.persons.signing_in import SigningIn
from gateway.problems import Problem
from gateway.settings import Settings


class SessionPages:
    """Sign in, see where one is signed in, sign out; an administrator sees and ends others' sessions."""

    def __init__(
        self,
        database: Database,
        repeats: Repeats,
        authenticator: Authenticator,
        signing_in: SigningIn,
        settings: Settings,
    ) -> None:
        self._database = database
        self._repeats = repeats
        self._authenticator = authenticator
        self._signing_in = signing_in
        self._settings = settings

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served here."""
        base = "/v1/sessions"
        return [
            own_endpoint("POST", base, self.create, status=201, is_command=True, is_secret=True),
            own_endpoint("GET", base, self.list, scope=ANY),
            own_endpoint(
                "POST", f"{base}/{{session_id}}/revoke", self.revoke, is_command=True, scope=ANY
            ),
        ]

    async def create(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        sent = load(schemas.SignIn(), body)
        if "id_token" in sent:
            return await self._signing_in.by_id_token(request, body, sent)
        return await self._signing_in.by_password(request, body, sent)

    async def list(self, request: Request) -> Answer:
        query = load(schemas.SessionQuery(), request.read_query(), "parameter")
        person_id = query.pop("person_id") or request.caller.person_id
        async with self._database.transaction() as connection:
            await self._require_may_see(connection, request, person_id)
            return answer_json(await sessions.list_sessions(connection, person_id, **query))

    async def revoke(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        load(NoInput(), body)
        session_id = request.parameters["session_id"]

        async def revoke(connection: AsyncConnection) -> dict[str, Any]:
            row = await sessions.fetch_session(connection, session_id)
            try:
                await self._require_may_see(connection, request, row.person_id)
            except Problem as problem:
                raise sessions.not_found(session_id) from problem
            return await sessions.revoke_session(connection, row, by=request.caller.caller.subject)

        answer = await self._repeats.once(request, body, revoke, status=200)
        self._authenticator.forget(session_id)
        return answer

    async def _require_may_see(
        self, connection: AsyncConnection, request: Request, person_id: str | None
    ) -> None:
        """Problem 403 or 404 where these are another's sessions and the caller is no administrator of
        theirs."""
        holder = request.caller
        if person_id is not None and person_id != holder.person_id:
            holder.power.require_scope(SCOPE)
            holder.power.require_all_accounts()
            await store.fetch_person(connection, holder.power, person_id)
