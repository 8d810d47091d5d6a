"""Signing in: by e-mail, password and code, or by an id token; what comes of it is a session."""

from __future__ import annotations

import time
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.database import Database
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer
from gateway.http.repeats import Repeats
from gateway.keys.authentication import CHALLENGE
from gateway.models import id_token_use, person, person_login, person_secret
from gateway.persons.codes import Codes
from gateway.persons.id_tokens import Identity, IdTokens
from gateway.persons.passwords import Passwords
from gateway.persons.sessions import begin_session
from gateway.persons.store import lock_person
from gateway.persons.tries import Tries
from gateway.problems import Problem
from gateway.settings import Settings

BY_PASSWORD, BY_ISSUER = "password", "id_token"

log = structlog.get_logger()


class SigningIn:
    """Both ways in. Whatever is wrong with e-mail, password and code is answered alike."""

    def __init__(
        self, database: Database, repeats: Repeats, passwords: Passwords, settings: Settings
    ) -> None:
        self._database = database
        self._repeats = repeats
        self._passwords = passwords
        self._pepper = settings.key_pepper
        self._codes = Codes(settings.key_pepper)
        self._tries = Tries(database, settings.key_pepper)
        self._id_tokens = IdTokens(settings.oidc) if settings.oidc else None

    async def by_password(
        self, request: Request, body: dict[str, Any], sent: dict[str, Any]
    ) -> Answer:
        """A session for who knows the password and has the code generator. Problem 401 for anybody else,
        429 for who has tried too often."""
        email, address = sent["email"], request.address
        await self._tries.begin(address, email)
        async with self._database.transaction() as connection:
            row = (await connection.execute(_secrets_of(email))).one_or_none()
        kept = row.password if row is not None else None
        if not await self._passwords.is_right(kept, sent["password"]) or row is None:
            raise _wrong()

        async def sign_in(connection: AsyncConnection) -> dict[str, Any]:
            if not await lock_person(connection, row.person_id):
                raise _wrong()
            await self._use_code(connection, row, sent["code"])
            return await self._begin(connection, request, row.person_id, sent, BY_PASSWORD)

        answer = await self._once(request, body, sign_in, row.person_id)
        await self._tries.forgive(address, email)
        return answer

    async def by_id_token(
        self, request: Request, body: dict[str, Any], sent: dict[str, Any]
    ) -> Answer:
        """A session for whom the issuer means: by issuer and subject or, at the first time, by an e-mail
        that it has verified. Problem 401 for a wrong token, 403 where nobody here is meant."""
        if self._id_tokens is None:
            detail = "No issuer of id tokens is known here; sign in with e-mail, password and code."
            raise Problem.of_field(422, "issuer_unknown", detail, pointer="/id_token")
        await self._tries.begin(request.address)
        identity = await self._id_tokens.read(sent["id_token"], sent["nonce"])

        async def sign_in(connection: AsyncConnection) -> dict[str, Any]:
            await _use_token(connection, identity)
            person_id = await _person_meant(connection, identity)
            if not await lock_person(connection, person_id):
                raise _wrong()
            return await self._begin(connection, request, person_id, sent, BY_ISSUER)

        whose = f"{identity.issuer} {identity.subject}"
        answer = await self._once(request, body, sign_in, whose)
        await self._tries.forgive(request.address)
        return answer

    async def forget_old(self) -> None:
        """Delete what is remembered of wrong tries that nobody has repeated."""
        await self._tries.forget_old()

    async def _once(
        self, request: Request, body: dict[str, Any], command: Any, whose: str
    ) -> Answer:
        return await self._repeats.once(
            request, body, command, status=201, caller=f"sign-in {whose}"
        )

    async def _use_code(self, connection: AsyncConnection, proved: Any, code: str) -> None:
        """Take a code for the only time, from who has proved a password that may have changed since."""
        is_theirs = person_secret.c.person_id == proved.person_id
        found = await connection.execute(select(person_secret).where(is_theirs).with_for_update())
        kept = found.one()
        step = self._codes.find_step(kept.totp, proved.person_id, code, time.time())
        if kept.password != proved.password or step is None or step <= kept.totp_step:
            raise _wrong()
        await connection.execute(update(person_secret).where(is_theirs).values(totp_step=step))

    async def _begin(
        self,
        connection: AsyncConnection,
        request: Request,
        person_id: str,
        sent: dict[str, Any],
        way: str,
    ) -> dict[str, Any]:
        made = await begin_session(
            connection,
            person_id=person_id,
            device=sent["device"],
            address=request.address,
            way=way,
            pepper=self._pepper,
        )
        log.info(
            "signed in",
            person_id=person_id,
            session_id=made["session_id"],
            way=way,
            address=request.address,
            request_id=request.request_id,
        )
        return made


def _secrets_of(email: str) -> Any:
    return (
        select(person.c.person_id, person_secret.c.password)
        .join_from(person, person_secret)
        .where(person.c.email == email, person.c.is_active)
    )


async def _use_token(connection: AsyncConnection, identity: Identity) -> None:
    """Take an id token for the only time."""
    taken = await connection.execute(
        insert(id_token_use)
        .values(digest=identity.digest, expires_at=identity.expires_at)
        .on_conflict_do_nothing()
        .returning(id_token_use.c.digest)
    )
    if taken.one_or_none() is None:
        detail = "This id token was used already; sign in with its issuer again."
        raise Problem(401, "id_token_used", detail, headers=_CHALLENGE)


async def _person_meant(connection: AsyncConnection, identity: Identity) -> str:
    is_known = (
        person_login.c.issuer == identity.issuer,
        person_login.c.subject == identity.subject,
    )
    known = await connection.scalar(select(person_login.c.person_id).where(*is_known))
    if known is not None:
        return str(known)
    invited = await connection.scalar(_invited(identity))
    linked = None
    if invited is not None:
        linked = await connection.scalar(
            insert(person_login)
            .values(issuer=identity.issuer, subject=identity.subject, person_id=invited)
            .on_conflict_do_nothing()
            .returning(person_login.c.person_id)
        )
    if linked is None:
        detail = "Nobody is invited by this e-mail address; ask an administrator to invite you."
        raise Problem(403, "not_invited", detail)
    log.info("login linked", person_id=linked, issuer=identity.issuer)
    return str(linked)


def _invited(identity: Identity) -> Any:
    email = identity.email.casefold() if identity.email else None
    return select(person.c.person_id).where(
        person.c.email == email,
        person.c.is_active,
        # An address that the issuer has given to somebody else is not theirs here.
        ~select(person_login.c.person_id)
        .where(
            person_login.c.person_id == person.c.person_id,
            person_login.c.issuer == identity.issuer,
        )
        .exists(),
    )


def _wrong() -> Problem:
    detail = "E-mail, password or code is wrong, or was used already; look at each and try again."
    return Problem(401, "sign_in_refused", detail, headers=_CHALLENGE)


_CHALLENGE = ((b"www-authenticate", CHALLENGE),)
