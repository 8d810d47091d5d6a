"""Reads of addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.accounts.addresses.models import Address
from services.accounts.addresses.rules import AddressKind


def list_addresses(
    session: Session,
    *,
    account_id: str,
    kind: AddressKind | None,
    valid_on: date | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """An account's addresses in the order in which they were added."""
    addresses = select(Address).where(Address.account_id == account_id)
    if kind is not None:
        addresses = addresses.where(Address.kind == kind)
    if valid_on is not None:
        addresses = addresses.where(_is_valid_on(valid_on))
    return read_page(session, addresses, by=[Address.address_id], limit=limit, after=after)


def _is_valid_on(day: date) -> ColumnElement[bool]:
    return and_(Address.valid_from <= day, or_(Address.valid_to.is_(None), Address.valid_to >= day))
