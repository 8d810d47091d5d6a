"""The same figures as the system gives them."""

import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ops.client import Client
from ops.replay.crm.player import SYSTEM, is_team
from ops.replay.crm.records import Crm
from ops.replay.formats import NONE, Figures, count
from ops.replay.hand import CONNECTIONS, list_accounts

_SECTOR = re.compile(r"Sector (.+?)[,.]")


def read_figures(client: Client, crm: Crm) -> Figures:
    """What the system says of the accounts that the CRM knows, and of those who work in its teams."""
    accounts = list_accounts(client, SYSTEM)
    staff = {one["staff_id"]: one for one in client.list("/v1/staff")}
    names = {staff_id: one["name"] for staff_id, one in staff.items()}
    above = {one["name"]: names.get(one["reports_to_id"], NONE) for one in staff.values()}
    owners = [names[one["owner_id"]] for one in accounts.values()]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        sectors = list(pool.map(lambda one: _read_sector(client, one), accounts.values()))
        teams = list(pool.map(lambda one: _read_team(client, one), accounts.values()))
    by_id = {one["account_id"]: name for name, one in accounts.items()}
    return {
        "accounts": {"in all": len(accounts)},
        "accounts by country": count(one["country"] for one in accounts.values()),
        "accounts by sector": count(sectors),
        "accounts by owner": count(owners),
        "accounts by manager": count(above[owner] for owner in owners),
        "accounts by team": count(teams),
        "parent of account": {
            name: by_id.get(one["parent_id"], one["parent_id"])
            for name, one in accounts.items()
            if one["parent_id"]
        },
        "people by manager": count(above[one] for one in above if above[one] in crm.people.reports),
        "people by team": _count_members(client, crm.people.offices),
    }


def _read_sector(client: Client, account: Mapping[str, Any]) -> str:
    notes = client.list(f"/v1/accounts/{account['account_id']}/notes")
    found = (_SECTOR.match(note["text"]) for note in notes if note["is_pinned"])
    return next((one[1] for one in found if one), "")


def _read_team(client: Client, account: Mapping[str, Any]) -> str:
    sharings = client.list(f"/v1/accounts/{account['account_id']}/helpers")
    return next((one["name"] for one in sharings if is_team(one)), "")


def _count_members(client: Client, offices: Iterable[str]) -> Mapping[str, int]:
    return {
        team["name"]: sum(
            one["status"] == "standing"
            for one in client.list(f"/v1/teams/{team['team_id']}/members")
        )
        for team in client.list("/v1/teams")
        if team["name"] in offices
    }
