"""What lies together by owner is the account's owner's after whatever happened, in whatever order."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import text

from tests.services.accounts.worklist.telling import CALL, DEBT, due, settled, worklist

pytestmark = pytest.mark.server

ASTRAY = text(
    """
    SELECT 'reason' FROM worklist_reason AS row JOIN account USING (account_id)
    WHERE is_standing AND row.owner_id <> account.owner_id
    UNION ALL
    SELECT 'item' FROM worklist_item AS row JOIN account USING (account_id)
    WHERE row.status = 'open' AND (row.owner_id, row.tier) <> (account.owner_id, account.tier)
    """
)


@pytest.mark.parametrize("seed", range(8))
def test_what_stands_is_the_owners_and_of_the_accounts_tier(office, seed) -> None:
    chance = Random(seed)
    people = [office.staff()["staff_id"] for _ in range(3)]
    account = office.account(owner_id=people[0])
    named = {"account_id": account["account_id"]}
    listed = False
    for version in range(1, 25):
        act = chance.choice(["due", "due", "settled", "give", "tier", "done"])
        of = chance.choice([DEBT, CALL])
        lines = worklist(office, account)["items"]
        if act == "due":
            due(office, account, of, version=version)
        elif act == "settled":
            settled(office, account, of, version=version)
        elif act == "give":
            others = [one for one in people if one != account["owner_id"]]
            account["owner_id"] = chance.choice(others)
            to = {"owner_id": account["owner_id"], "reason": "So it is."}
            office.do("change_owner", **named, **to)
        elif act == "tier":
            office.do("edit_account", **named, tier=chance.choice(["key", "standard", "small"]))
        elif lines:
            item_id = lines[0]["worklist_item_id"]
            office.do("finish_worklist_item", worklist_item_id=item_id, outcome="not_reached")
        office.session.flush()
        assert office.session.scalars(ASTRAY).all() == []
        listed = listed or bool(worklist(office, account)["items"])
    assert listed
