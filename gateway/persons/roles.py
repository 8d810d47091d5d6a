"""Roles: what each may do, kept by whoever may do as much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Text, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.http.listing import read_page
from gateway.models import person, role_grant
from gateway.persons.schemas import ROLE
from gateway.problems import Problem

SHOWN = ("role", "scopes", "changed_at", "changed_by", "version")

SCOPES_OF_PERSON = func.array(
    select(func.unnest(role_grant.c.scopes))
    .where(role_grant.c.role == func.any(person.c.roles))
    .distinct()
    .correlate(person)
    .scalar_subquery(),
    type_=ARRAY(Text),
)
"""All that the roles of a row of `person` may do."""


async def list_roles(
    connection: AsyncConnection, *, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of the roles, by name."""
    return await read_page(
        connection,
        select(role_grant),
        by=role_grant.c.role,
        is_cursor=is_role,
        describe=describe_role,
        limit=limit,
        after=after,
    )


async def fetch_role(connection: AsyncConnection, role: str) -> Any:
    """The role's row. Problem 404 where there is none."""
    row = await _find(connection, role, select(role_grant))
    if row is None:
        raise Problem(404, "role_not_found", f"There is no role {role}; PUT makes one.")
    return row


async def find_role_to_change(connection: AsyncConnection, role: str) -> Any:
    """The role's row, locked until the transaction ends; None where there is none."""
    return await _find(connection, role, select(role_grant).with_for_update())


async def put_role(
    connection: AsyncConnection, role: str, *, scopes: Sequence[str], by: str
) -> dict[str, Any]:
    """Say what the role may do from now on; a new one where there was none."""
    values = {"scopes": sorted(set(scopes)), "changed_by": by}
    changed = {**values, "changed_at": func.now(), "version": role_grant.c.version + 1}
    row = await connection.execute(
        insert(role_grant)
        .values(role=role, **values)
        .on_conflict_do_update(index_elements=["role"], set_=changed)
        .returning(role_grant)
    )
    return describe_role(row.one())


async def read_scopes(connection: AsyncConnection, roles: Sequence[str]) -> frozenset[str]:
    """All that these roles may do, which does not change until the transaction ends. Problem 422 where
    there is no such role."""
    statement = select(role_grant).where(role_grant.c.role.in_(roles)).with_for_update(read=True)
    found = {row.role: frozenset(row.scopes) for row in await connection.execute(statement)}
    for index, role in enumerate(roles):
        if role not in found:
            detail = f"There is no role {role}; GET /v1/roles lists those there are."
            raise Problem.of_field(422, "role_unknown", detail, pointer=f"/roles/{index}")
    return frozenset[str]().union(*found.values())


def describe_role(row: Any) -> dict[str, Any]:
    """What may be shown of a role: all."""
    return {name: getattr(row, name) for name in SHOWN}


def is_role(text: str) -> bool:
    """Whether this can be a role's name."""
    return re.fullmatch(ROLE, text) is not None


async def _find(connection: AsyncConnection, role: str, statement: Select[Any]) -> Any:
    if not is_role(role):
        return None
    found = await connection.execute(statement.where(role_grant.c.role == role))
    return found.one_or_none()
