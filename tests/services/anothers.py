"""Naming another account's things: refused, whoever asks, and nothing is left of it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, TextClause, inspect, text
from sqlalchemy.orm import Session

from chassis.contract import Endpoint, Reach
from chassis.store.sight import (
    keep_absences,
    keep_memberships,
    keep_owners,
    keep_sharings,
    keep_staff,
)
from chassis.wire.calls import Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from tests.services.client import Client

NOT_ITS_OWN = {"answers", "inbox"}  # what the chassis notes of every request and event


def state_of(bind: Any) -> dict[str, str]:
    """A digest of each of the service's tables."""
    assert isinstance(bind, Connection)
    return dict(bind.execute(_digests(bind.engine)).all())


@cache
def _digests(engine: Engine) -> TextClause:
    digest = "md5(string_agg(one::text, ',' ORDER BY one::text))"
    tables = set(inspect(engine).get_table_names()) - NOT_ITS_OWN
    return text(
        " UNION ALL ".join(f"SELECT '{one}', {digest} FROM \"{one}\" AS one" for one in tables)
    )


def limited_to(client: Client, account_id: str) -> Caller:
    """A system that may do all that the client's caller may, for one account."""
    return Caller("limited", client.caller.scopes, frozenset({account_id}))


def owner_of(client: Client, account_id: str) -> Caller:
    """A person who may do all that the client's caller may, and owns this account alone."""
    return _seat(client, account_id, OWNER)


def lead_of(client: Client, account_id: str) -> Caller:
    """A person to whom the account's owner reports, by way of another."""
    return _seat(client, account_id, LEAD)


def stand_in_of(client: Client, account_id: str) -> Caller:
    """A person who stands in for the account's owner, who is away."""
    return _seat(client, account_id, STAND_IN)


def helper_of(client: Client, account_id: str) -> Caller:
    """A person who helps with the account."""
    return _seat(client, account_id, HELPER)


def member_of(client: Client, account_id: str) -> Caller:
    """A person in the team that looks after the account beside its owner."""
    return _seat(client, account_id, MEMBER)


OWNER, LEAD, STAND_IN, HELPER, MEMBER, COLLEAGUE, BETWEEN = (new_id("stf") for _ in range(7))
_FIRM = {OWNER: BETWEEN, BETWEEN: LEAD} | dict.fromkeys((LEAD, STAND_IN, HELPER, MEMBER, COLLEAGUE))
TEAM = new_id("team")
_NEWEST = 10**6
_STANDS = {"is_standing": True, "version": 1}


def _seat(client: Client, account_id: str, staff_id: str) -> Caller:
    """Seat the firm: the account is its owner's, all others of the service are a colleague's; one of the
    people of the firm."""
    with Session(client.bind) as session, session.begin():
        keep_staff(session, [_member(one, above) for one, above in _FIRM.items()])
        keep_owners(session, [_owned(one, COLLEAGUE) for one in session.scalars(_ACCOUNTS)])
        keep_owners(session, [_owned(account_id, OWNER)])
        absence = {"absence_id": "abs", "delegate_id": STAND_IN, "staff_id": OWNER, "may_act": True}
        keep_absences(session, [absence | _STANDS])
        helps = {"account_id": account_id, "sharing_id": "help", "staff_id": HELPER}
        looks = {"account_id": account_id, "sharing_id": "team", "team_id": TEAM}
        keep_sharings(session, [helps | _STANDS, looks | _STANDS])
        membership = {"membership_id": "mem", "team_id": TEAM, "staff_id": MEMBER}
        keep_memberships(session, [membership | _STANDS])
    return Caller(staff_id, client.caller.scopes, None, staff_id)


_ACCOUNTS = text("SELECT account_id FROM account")


def _member(staff_id: str, above: str | None) -> dict[str, Any]:
    return {"staff_id": staff_id, "reports_to_id": above, "is_active": True, "version": _NEWEST}


def _owned(account_id: str, owner_id: str) -> dict[str, Any]:
    return {"account_id": account_id, "owner_id": owner_id, "version": _NEWEST}


WHO_SEES = {
    "owner": owner_of,
    "lead": lead_of,
    "stand-in": stand_in_of,
    "helper": helper_of,
    "team member": member_of,
}
"""Whoever sees an account for its own part or another's, by what they are to it."""
WHO_DOES_NOT = {"limited": limited_to, **WHO_SEES}
"""Whoever sees the one account and not the other."""


def require_refused(
    client: Client, endpoint: str, values: dict[str, Any], *, caller: Caller
) -> Refusal:
    """The refusal of what names another's thing; nothing has changed."""
    before = state_of(client.bind)
    with pytest.raises(Refusal) as refused:
        client.call(endpoint, caller=caller, **values)
    assert state_of(client.bind) == before
    assert refused.value.status in (404, 409, 422)
    return refused.value


def refusal_of(
    client: Client, endpoint: str, values: dict[str, Any], *, caller: Caller
) -> Refusal | None:
    """Why it is refused; None where it is done."""
    try:
        client.call(endpoint, caller=caller, **values)
    except Refusal as refusal:
        return refusal
    return None


def accounts_listed(client: Client, caller: Caller) -> set[str]:
    """The accounts of all that the lists show which can be asked for without naming anything."""
    found = set()
    for endpoint, contract in client.contracts(Endpoint).items():
        is_list = contract.reach is Reach.ACCOUNT and not contract.is_command
        if is_list and not any(one.required for one in contract.accepts().fields.values()):
            items = client.call(endpoint, caller=caller).get("items", ())
            found |= {one["account_id"] for one in items if one.get("account_id")}
    return found
