"""A morning: somebody goes through the most urgent of a list, one client after the other."""

from collections.abc import Mapping
from datetime import timedelta

from dev.demo import occasions
from dev.demo.business import Client
from dev.demo.desk import Desk, Thing
from dev.demo.habits import draw_for
from dev.demo.house import who_works_for

LINES = 6
LATE = "shipment_late"
ENDED_BY_DOING = frozenset(
    {"visit_due", "callback", "case_waiting", "remedy_approval", LATE, "order_exception"}
)
"""Reasons that are not talked about but done: they end by themselves."""


def work_through(desk: Desk, owner: str, clients: Mapping[str, Client]) -> None:
    """Contact the clients who come first on somebody's list; who is away is stood in for."""
    by = who_works_for(owner, desk.day)
    query = {"staff_id": desk.staff[owner], "limit": LINES}
    for line in desk.person(by).get("/v1/worklist", **query)["items"]:
        _contact(desk, clients[line["account_number"]], line, by=by)


def _contact(desk: Desk, client: Client, line: Thing, *, by: str) -> None:
    path = f"/v1/worklist/{line['worklist_item_id']}"
    for late in [one for one in line["reasons"] if one["kind"] == LATE]:
        told = {"note": "They know, and can wait for it."}
        desk.do(f"/v1/late-shipments/{late['about']}/told", told, by=by)
    reasons = [one for one in line["reasons"] if one["kind"] not in ENDED_BY_DOING]
    if not reasons:
        return
    if draw_for(client.number, "snooze", desk.day).random() < 0.05:
        until = occasions.next_open(desk.day + timedelta(days=3))
        named = [{"kind": one["kind"], "about": one["about"]} for one in reasons]
        desk.do(f"{path}/snooze", {"until": str(until), "reasons": named}, by=by)
        return
    answers = [occasions.answer_reason(client.number, one, desk.day) for one in reasons]
    step = occasions.choose_next_step(client, answers, desk.day)
    said = {"reasons": answers} if step is None else {"reasons": answers, "next_step": step}
    desk.do(f"{path}/done", said, by=by)
