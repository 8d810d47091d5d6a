"""Persons in the database: invite, list, edit, let in, keep out, give a password or a code generator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Select, Text, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.http.listing import read_page
from gateway.keys.powers import Power
from gateway.models import person, person_login, person_secret
from gateway.persons.roles import SCOPES_OF_PERSON
from gateway.problems import Problem
from kernel.callers import EVERYTHING
from kernel.ids import is_id, new_id

SHOWN = (
    *("person_id", "staff_id", "name", "email", "roles", "scopes", "is_active"),
    *("has_password", "has_code_generator", "issuers", "created_at", "created_by", "version"),
)
TAKEN = {
    "uq_person_email": ("email", "Somebody else has this e-mail address; take another."),
    "uq_person_staff_id": ("staff_id", "This member of staff is a person already; edit that one."),
}
_ISSUERS = func.array(
    select(person_login.c.issuer)
    .where(person_login.c.person_id == person.c.person_id)
    .correlate(person)
    .scalar_subquery(),
    type_=ARRAY(Text),
)
PERSON = select(
    person,
    SCOPES_OF_PERSON.label("scopes"),
    person_secret.c.password.is_not(None).label("has_password"),
    person_secret.c.totp.is_not(None).label("has_code_generator"),
    _ISSUERS.label("issuers"),
).join_from(person, person_secret, isouter=True)


async def create_person(
    connection: AsyncConnection,
    *,
    name: str,
    email: str,
    roles: list[str],
    staff_id: str | None,
    by: str,
) -> dict[str, Any]:
    """Somebody new, who has nothing to sign in with yet but an id token with this e-mail. Problem 409
    where e-mail or member of staff is somebody's already."""
    person_id = new_id("per")
    with _told_if_taken():
        await connection.execute(
            insert(person).values(
                person_id=person_id,
                name=name,
                email=email,
                roles=sorted(set(roles)),
                staff_id=staff_id,
                created_by=by,
            )
        )
    return await _show(connection, person_id)


async def list_persons(
    connection: AsyncConnection, power: Power, *, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of those who reach no further than `power`, the oldest first."""
    return await read_page(
        connection,
        _within(power),
        by=person.c.person_id,
        is_cursor=partial(is_id, prefix="per"),
        describe=describe_person,
        limit=limit,
        after=after,
    )


async def fetch_person(connection: AsyncConnection, power: Power, person_id: str) -> Any:
    """The person's row. Problem 404 where there is none, or they reach further than `power`."""
    return await _one(connection, _within(power), person_id)


async def fetch_person_by_id(connection: AsyncConnection, person_id: str) -> Any:
    """The row of a person who is known to be there."""
    return (await connection.execute(PERSON.where(person.c.person_id == person_id))).one()


async def lock_person(connection: AsyncConnection, person_id: str) -> bool:
    """Let nobody else change the person, nor their secrets, until the transaction ends; whether they are
    let in. Whatever changes one begins so, or two could wait for one another."""
    statement = select(person.c.is_active).where(person.c.person_id == person_id)
    return bool(await connection.scalar(statement.with_for_update()))


async def fetch_person_to_change(connection: AsyncConnection, power: Power, person_id: str) -> Any:
    """As `fetch_person`, locked until the transaction ends."""
    return await _one(connection, _within(power).with_for_update(of=person), person_id)


async def change_person(
    connection: AsyncConnection, person_id: str, **values: Any
) -> dict[str, Any]:
    """The person with these columns otherwise. Problem 409 where e-mail or member of staff is somebody
    else's."""
    if "roles" in values:
        values["roles"] = sorted(set(values["roles"]))
    with _told_if_taken():
        await connection.execute(
            update(person)
            .where(person.c.person_id == person_id)
            .values(version=person.c.version + 1, **values)
        )
    return await _show(connection, person_id)


async def keep_secret(connection: AsyncConnection, person_id: str, **values: Any) -> dict[str, Any]:
    """The person with another password's digest or another code generator's secret, or with none."""
    await connection.execute(
        insert(person_secret)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )
    return await change_person(connection, person_id)


def describe_person(row: Any) -> dict[str, Any]:
    """What may be shown of a person."""
    return {name: getattr(row, name) for name in SHOWN}


def _within(power: Power) -> Select[Any]:
    statement = PERSON
    if EVERYTHING not in power.scopes:
        statement = statement.where(SCOPES_OF_PERSON.contained_by(sorted(power.scopes)))
    if not power.is_anyones:
        statement = statement.where(person.c.staff_id.is_not_distinct_from(power.staff_id))
    return statement


async def _one(connection: AsyncConnection, persons: Select[Any], person_id: str) -> Any:
    row = None
    if is_id(person_id, "per"):
        found = await connection.execute(persons.where(person.c.person_id == person_id))
        row = found.one_or_none()
    if row is None:
        raise Problem(404, "person_not_found", f"There is no person {person_id}.")
    return row


async def _show(connection: AsyncConnection, person_id: str) -> dict[str, Any]:
    return describe_person(await fetch_person_by_id(connection, person_id))


@contextmanager
def _told_if_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if name not in TAKEN:
            raise
        field, detail = TAKEN[name]
        raise Problem.of_field(409, f"{field}_taken", detail, pointer=f"/{field}") from error
