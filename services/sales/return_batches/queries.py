"""Reading what batches of returns are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, selectinload

from services.sales.return_batches.rules import Name
from services.sales.returns.models import Return
from services.sales.returns.rules import ReturnStatus

WAITING = (ReturnStatus.AUTHORISED, ReturnStatus.IN_TRANSIT)


def find_named(session: Session, *, names: Collection[Name]) -> dict[Name, Return]:
    """The returns that another system calls so."""
    if not names:
        return {}
    called = tuple_(Return.account_id, Return.external_id).in_([*names])
    found = session.scalars(select(Return).where(called).options(selectinload(Return.lines)))
    return {Name(one.account_id, str(one.external_id)): one for one in found}


def find_waiting(session: Session, *, for_order_ids: Collection[str]) -> list[str]:
    """The returns that orders have opened and of which all is waited for."""
    found = select(Return.return_id).where(
        Return.for_order_id.in_(for_order_ids), Return.status.in_(WAITING)
    )
    return [*session.scalars(found)] if for_order_ids else []


def read_of_orders(
    session: Session, *, return_ids: Collection[str]
) -> Mapping[str, Sequence[Return]]:
    """Returns, which the caller has locked, with their lines, by the order that opened them."""
    found: defaultdict[str, list[Return]] = defaultdict(list)
    if return_ids:
        statement = select(Return).where(Return.return_id.in_(return_ids)).order_by(Return.number)
        options = {"populate_existing": True}
        read = session.scalars(
            statement.options(selectinload(Return.lines)), execution_options=options
        )
        for one in read:
            found[str(one.for_order_id)].append(one)
    return found
