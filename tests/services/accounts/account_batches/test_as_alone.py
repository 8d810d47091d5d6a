"""What a batch makes of clients is what the single requests make of them: opened, their onboarding begun,
what is required waived, activated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.refusals import Refusal

pytestmark = pytest.mark.server

OF_ITS_OWN = ("account_id", "number", "payer_id", "external_references", "checklist_item_id")
NOBODY = "stf_01jd3v4q6ye8z9t5k2m7n0p1xz"
SHOP = "shop"
WAIVED = "checklist_item_waived"

flags = st.fixed_dictionaries({"needs_expiry": st.booleans(), "holds_business": st.booleans()})
clients = st.fixed_dictionaries(
    {
        "reason": st.sampled_from([None, "A client of the shop.", "Known since 1998."]),
        "is_called": st.booleans(),
        "is_broken": st.sampled_from([False, False, False, True]),
        "tier": st.sampled_from(["key", "standard", "small"]),
    }
)


def profile(client: dict[str, Any], place: int, owner_id: str) -> dict[str, Any]:
    called = {"system": SHOP, "reference_id": new_id("ref")} if client["is_called"] else {}
    return called | {
        "name": f"Client {place}",
        "country": "DE",
        "currency": "EUR",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "net_days": 30,
        "credit_limit": None,
        "preferred_channel": "post",
        "tier": client["tier"],
        "owner_id": NOBODY if client["is_broken"] else owner_id,
    }


def shared(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in OF_ITS_OWN}


def open_alone(office: Any, sent: dict[str, Any], reason: str | None) -> tuple[str, str]:
    """The id of an account that the single requests bring as far, or why there is none."""
    endpoint = "find_or_open_account" if "system" in sent else "open_account"
    try:
        account_id = office.do(endpoint, **sent)["account_id"]
    except Refusal as refusal:
        return "code", refusal.code
    if reason is not None:
        office.do("begin_onboarding", account_id=account_id)
        for item in office.do("list_checklist_items", account_id=account_id)["items"]:
            item_id = item["checklist_item_id"]
            office.do("waive_checklist_item", checklist_item_id=item_id, reason=reason)
        office.do("activate_account", account_id=account_id)
    return "account_id", account_id


def seen(office: Any, ids: list[str], *, now_announced: list[Any]) -> list[Any]:
    """Each account, the states it was in, its checklist, and what was announced of it in its order; as
    far as that is not its own. What is waived at once has no order."""
    found = []
    for account_id in ids:
        lists = [
            office.do(name, account_id=account_id)["items"]
            for name in ("list_states", "list_checklist_items")
        ]
        events = [
            (event.name, shared(data))
            for event, data in now_announced
            if data["account_id"] == account_id
        ]
        names = [name for name, _ in events]
        waived = sorted(data["name"] for name, data in events if name == WAIVED)
        moved = [data | {"name": None} if name == WAIVED else data for name, data in events]
        account = office.do("get_account", account_id=account_id)
        facts = [shared(one) for part in ([account], *lists) for one in part]
        found.append((facts, names, moved, waived))
    return found


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(brought=st.lists(clients, min_size=1, max_size=4), asked=st.lists(flags, max_size=3))
def test_a_batch_is_as_if_each_came_by_itself(
    office, brought: list[dict[str, Any]], asked: list[dict[str, Any]]
) -> None:
    owner_id = office.staff()["staff_id"]
    requirements = [
        office.do("add_requirement", name=f"Check {place}", **one)["onboarding_requirement_id"]
        for place, one in enumerate([*asked, {}])
    ]
    office.do("retire_requirement", onboarding_requirement_id=requirements.pop())
    info = office.session.info
    reasons = [one["reason"] for one in brought]
    sent = [profile(one, place, owner_id) for place, one in enumerate(brought)]

    info.update(announced=[], due=[])
    alone = [open_alone(office, one, why) for one, why in zip(sent, reasons, strict=True)]
    ids_alone = [value for kind, value in alone if kind == "account_id"]
    told_alone = [(event, data) for event, data, _ in info["announced"]]
    due_alone = [(one.name, one.at, ids_alone.index(one.key)) for one in known(info["due"])]

    info.update(announced=[], due=[])
    answer = office.do(
        "open_account_batch",
        accounts=[
            (one | {"reference_id": new_id("ref")} if "system" in one else one)
            | ({} if why is None else {"onboarding_waived_reason": why})
            for one, why in zip(sent, reasons, strict=True)
        ],
    )
    results = answer["results"]
    assert [one.get("code") for one in results] == [
        value if kind == "code" else None for kind, value in alone
    ]
    ids = [one["account_id"] for one in results if "account_id" in one]
    told = [(event, data) for event, data, _ in info["announced"]]
    assert [(one.name, one.at, ids.index(one.key)) for one in known(info["due"])] == due_alone
    assert seen(office, ids, now_announced=told) == seen(
        office, ids_alone, now_announced=told_alone
    )

    for requirement_id in requirements:
        office.do("retire_requirement", onboarding_requirement_id=requirement_id)


def known(due: list[Any]) -> list[Any]:
    """What is to be done at a moment; what is only dropped never was to be."""
    return [one for one in due if one.at is not None]
