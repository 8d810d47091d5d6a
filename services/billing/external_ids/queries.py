"""Reads of what came before under its sender's name."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import select, text
from sqlalchemy.orm import DeclarativeBase, Session

Thing = TypeVar("Thing", bound=DeclarativeBase)


def find_external(
    session: Session, model: type[Thing], *, named: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Thing]:
    """The things of a model that go by these names, each of an account and what the sender calls it."""
    if not named:
        return {}
    account_ids, external_ids = zip(*named, strict=True)
    found = session.scalars(
        _by_external_id(model),
        {"account_ids": list(account_ids), "external_ids": list(external_ids)},
        execution_options={"populate_existing": True},
    )
    return {(each.account_id, str(each.external_id)): each for each in found}


@cache
def _by_external_id(model: type[DeclarativeBase]) -> Any:
    table = model.__tablename__
    return select(model).from_statement(
        text(f"""
        SELECT {table}.*
        FROM unnest(CAST(:account_ids AS text[]), CAST(:external_ids AS text[]))
            AS wanted (account_id, external_id)
        JOIN {table} USING (account_id, external_id)
        """)  # noqa: S608
    )
