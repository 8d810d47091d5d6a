"""Plays a CRM's export through the gateway: looks at what the system has of it, and enters the rest."""

from collections.abc import Mapping
from typing import Any

from ops.replay.crm.records import Account, Crm
from ops.replay.hand import Hand, list_accounts
from ops.replay.people import hire
from ops.replay.rows import BrokenRow

SYSTEM = "crm"
"""What the other system is called in references."""

Known = Mapping[str, Mapping[str, Any]]


class Player:
    """Plays one export into one system. Nothing that is there is changed."""

    def __init__(self, hand: Hand, crm: Crm, *, currency: str) -> None:
        """Describe what to play where; `play` does it."""
        self._hand = hand
        self._client = hand.client
        self._crm = crm
        self._currency = currency
        self._staff_ids: Mapping[str, str] = {}
        self._team_ids: Mapping[str, str] = {}
        self._accounts: Known = {}

    def play(self) -> None:
        """Enter what the system does not have."""
        self._hand.stand_after(self._crm.last_day)
        self._staff_ids = hire(self._hand, self._crm.people)
        self._team_ids = self._make_teams()
        self._accounts = list_accounts(self._client, SYSTEM)
        missing = [one for one in self._crm.accounts if one.name not in self._accounts]
        self._hand.each("account", self._open, missing)
        self._accounts = list_accounts(self._client, SYSTEM)
        there = [one for one in self._crm.accounts if one.name in self._accounts]
        self._hand.each("note", self._note, there)
        self._hand.each("team", self._give_team, there)
        self._hand.each("parent", self._set_parent, [one for one in there if one.parent])

    def _make_teams(self) -> Mapping[str, str]:
        ids = {team["name"]: team["team_id"] for team in self._client.list("/v1/teams")}
        for office, names in self._crm.people.offices.items():
            if office not in ids:
                ids[office] = self._hand.post("/v1/teams", {"name": office})["team_id"]
            path = f"/v1/teams/{ids[office]}/members"
            members = {one["staff_id"] for one in self._client.list(path)}
            for name in names:
                if self._staff_ids[name] not in members:
                    self._hand.post(path, {"staff_id": self._staff_ids[name]})
        return ids

    def _open(self, account: Account) -> None:
        opened = {
            "system": SYSTEM,
            "reference_id": account.name,
            "name": account.name,
            "country": account.place.country,
            "time_zone": account.place.time_zone,
            "currency": self._currency,
            "language": "en",
            "net_days": 30,
            "credit_limit": None,
            "preferred_channel": "post",
            "owner_id": self._staff_ids[self._crm.owners[account.name]],
        }
        self._hand.post("/v1/accounts/find-or-open", opened)

    def _note(self, account: Account) -> None:
        path = f"{self._path(account)}/notes"
        if account.note and not any(
            note["text"] == account.note for note in self._client.list(path)
        ):
            self._hand.post(path, {"text": account.note, "is_pinned": True})

    def _give_team(self, account: Account) -> None:
        path = self._path(account)
        if not any(is_team(one) for one in self._client.list(f"{path}/helpers")):
            team_id = self._team_ids[self._crm.teams[account.name]]
            given = {"team_id": team_id, "purpose": "The office of its owner."}
            self._hand.post(f"{path}/team", given)

    def _set_parent(self, account: Account) -> None:
        if account.parent not in self._accounts:
            raise BrokenRow(f"subsidiary_of {account.parent!r} was refused itself")
        if self._accounts[account.name]["parent_id"] is None:
            parent_id = self._accounts[account.parent]["account_id"]
            given = {"parent_id": parent_id, "payer": "child"}
            self._hand.put(f"{self._path(account)}/parent", given)

    def _path(self, account: Account) -> str:
        return f"/v1/accounts/{self._accounts[account.name]['account_id']}"


def is_team(sharing: Mapping[str, Any]) -> bool:
    """Whether a team looks after an account by it, now."""
    return sharing["team_id"] is not None and sharing["status"] == "standing"
