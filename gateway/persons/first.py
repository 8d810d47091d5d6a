"""The first person, made on the command line: nobody could sign in to invite them."""

from __future__ import annotations

from typing import Any

from gateway.database import Database
from gateway.keys.schemas import load
from gateway.persons import schemas, store
from gateway.persons.codes import Codes, address_of, new_secret
from gateway.persons.passwords import Passwords
from gateway.persons.roles import read_scopes

COMMAND_LINE = "command line"


async def create_first(url: str, pepper: bytes, sent: dict[str, Any], password: str) -> str:
    """Make a person who can sign in at once; what their code generator is to read. Problem 422 where
    something is wrong with what was said, 409 where e-mail or member of staff is somebody's already."""
    wanted = load(schemas.CreatePerson(), sent)
    load(schemas.SetPassword(), {"password": password})
    digest = await Passwords().digest(password)
    secret = new_secret()
    database = Database(url)
    try:
        async with database.transaction() as connection:
            await read_scopes(connection, wanted["roles"])
            made = await store.create_person(connection, by=COMMAND_LINE, **wanted)
            sealed = Codes(pepper).seal(secret, made["person_id"])
            await store.keep_secret(connection, made["person_id"], password=digest, totp=sealed)
    finally:
        await database.close()
    return address_of(secret, wanted["email"])
