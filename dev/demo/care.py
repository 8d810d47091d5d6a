"""A day between a client and whoever looks after it: calls, visits, papers, cases."""

from datetime import timedelta

from dev.demo import complaints, occasions
from dev.demo.business import Client
from dev.demo.desk import Desk, Sight, Thing
from dev.demo.habits import after
from dev.demo.house import HELPER, HELPS_FROM, HELPS_UNTIL, is_open, who_works_for
from dev.demo.occasions import Ring
from dev.demo.welcome import renew_licence

BECAME_CLIENTS = frozenset({"active", "on_hold"})


def care_for(desk: Desk, client: Client, sight: Sight) -> None:
    """Do all that is to be done today with a client beside its orders and its money."""
    account = sight.accounts.get(client.number)
    if account is None or account["status"] not in BECAME_CLIENTS or not is_open(desk.day):
        return
    account_id = account["account_id"]
    by = who_works_for(desk.name_of(account["owner_id"]), desk.day)
    renew_licence(desk, client, account, by=by)
    if occasions.is_to_be_called_back(client, desk.day):
        _call_back(desk, client, account_id, by=by)
    if (ring := occasions.choose_ring(client, desk.day)) is not None:
        _take_call(desk, client, account_id, ring, by=by)
    if (visit := occasions.choose_visit(client, desk.day)) is not None:
        desk.do("/v1/activities", {"account_id": account_id, **visit}, by=by)
    for activity in sight.activities.get(account_id, ()):
        _end(desk, client, activity, by=by)
    for item in sight.items.get(account_id, ()):
        complaints.complain(desk, client, item, by=by)
    for case in sight.cases.get(account_id, ()):
        complaints.advance(desk, client, case, by=by)
    for exception in sight.exceptions.get(account_id, ()):
        _settle(desk, exception, by=by)


def _take_call(desk: Desk, client: Client, account_id: str, ring: Ring, *, by: str) -> None:
    """The phone rings: whoever picks up sees who it is, and writes down what was said."""
    by = _who_picks_up(client, desk, by)
    rung_at = desk.now - timedelta(minutes=ring.minutes_ago)
    call: Thing = {"phone": client.buyer_phone, "rung_at": rung_at.isoformat()}
    if ring.minutes is None:
        desk.do("/v1/calls", call)
        if ring.is_called_back_at_once:
            _call_back(desk, client, account_id, by=by)
        return
    contact_id = _find_caller(desk, client, by=by)
    answered_at = rung_at + timedelta(seconds=7 + 3 * ring.minutes)
    answered = {"answered_at": answered_at.isoformat(), "staff_id": desk.staff[by]}
    desk.do("/v1/calls", {**call, **answered, "minutes": ring.minutes})
    said = {**ring.told, "account_id": account_id, "contact_ids": [contact_id]}
    said |= {"kind": "call", "direction": "in", "minutes": ring.minutes}
    desk.do("/v1/activities/log", {**said, "held_at": rung_at.isoformat()}, by=by)
    if ring.brings is not None:
        complaints.bring_up(desk, account_id, contact_id, ring.brings, by=by)


def _who_picks_up(client: Client, desk: Desk, by: str) -> str:
    """Whoever looks after the client, or their helper where there is one."""
    is_helped = occasions.is_helped(client) and HELPS_FROM < desk.day <= HELPS_UNTIL
    return HELPER if is_helped else by


def _call_back(desk: Desk, client: Client, account_id: str, *, by: str) -> None:
    told = occasions.choose_ring_back(client, desk.day)
    said = {**told, "account_id": account_id, "kind": "call", "minutes": 3}
    said["contact_ids"] = [_find_caller(desk, client, by=by)]
    desk.do("/v1/activities/log", said, by=by)


def _find_caller(desk: Desk, client: Client, *, by: str) -> str:
    """Who has the number that rings."""
    phone = client.buyer_phone.replace(" ", "")
    [found] = desk.person(by).get(f"/v1/callers/{phone}")["items"]
    return str(found["contacts"][0]["contact_id"])


def _end(desk: Desk, client: Client, activity: Thing, *, by: str) -> None:
    """Say what came of what was planned, once it is over."""
    end = occasions.choose_end(client, activity, desk.now)
    if end is not None:
        verb, said = end
        desk.do(f"/v1/activities/{activity['activity_id']}/{verb}", said, by=by)


def _settle(desk: Desk, exception: Thing, *, by: str) -> None:
    """What was undone of an order is billed anew by then, so nothing more of it is to be."""
    if desk.day >= after(exception["raised_at"][:10], 2):
        said = {"settled_as": "leave", "reason": "It is billed anew, as the client wants it."}
        desk.do(f"/v1/order-exceptions/{exception['exception_id']}/settle", said, by=by)
