"""What happens to addresses: added, ended, never deleted; all that run are announced with the account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from kernel.ids import new_id
from services.accounts.accounts.models import Account
from services.accounts.accounts.usecases import tell_addresses
from services.accounts.addresses import rules
from services.accounts.addresses.models import Address
from services.accounts.addresses.rules import AddressKind

_TOLD = (
    *("address_id", "kind", "recipient", "lines", "country", "country_name"),
    *("street", "district", "city", "region", "postal_code"),
)


def add_address(
    session: Session,
    *,
    account_id: str,
    kind: AddressKind,
    recipient: str | None,
    valid_from: date | None,
    valid_to: date | None,
    today: date,
    **place: Any,
) -> Address:
    """Give an account an address. Of a kind of which there is one at a time, that which is valid when the
    new one begins ends the day before."""
    account = fetch_for_change(session, Account, account_id)
    begins = valid_from or today
    rules.require_period(valid_from=begins, valid_to=valid_to, today=today)
    running = _running(session, account, today)
    rules.require_room(len(running))
    if kind in rules.ONE_AT_A_TIME:
        of_kind = [one for one in running if one.kind == kind]
        last = rules.last_day_before(of_kind, valid_from=begins, valid_to=valid_to)
        for one in of_kind:
            if one.valid_from <= begins and (one.valid_to is None or one.valid_to > last):
                one.valid_to = last
    address = Address(
        address_id=new_id("adr"),
        account_id=account_id,
        kind=kind,
        recipient=recipient,
        valid_from=begins,
        valid_to=valid_to,
        **asdict(rules.read_place(**place)),
    )
    session.add(address)
    _tell(session, account, today)
    return address


def end_address(
    session: Session, *, address_id: str, valid_to: date | None, today: date
) -> Address:
    """Set an address' last day, or another one while the last is not over."""
    account = fetch_for_change(session, Account, fetch(session, Address, address_id).account_id)
    address = fetch_for_change(session, Address, address_id)
    rules.require_not_ended(valid_to=address.valid_to, today=today)
    last = valid_to or today
    rules.require_period(valid_from=address.valid_from, valid_to=last, today=today)
    if address.valid_to != last:
        address.valid_to = last
        _tell(session, account, today)
    return address


def _running(session: Session, account: Account, today: date) -> Sequence[Address]:
    known = session.scalars(
        select(Address)
        .where(Address.account_id == account.account_id)
        .order_by(Address.valid_from, Address.address_id)
    )
    return [one for one in known if rules.is_running(one, on=today)]


def _tell(session: Session, account: Account, today: date) -> None:
    session.flush()
    tell_addresses(
        session,
        account,
        [
            {name: getattr(one, name) for name in _TOLD}
            | {
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to and one.valid_to.isoformat(),
            }
            for one in _running(session, account, today)
        ],
    )
