"""Each account of a hand-over goes through its states, and belongs to somebody all the time."""

from __future__ import annotations

import pytest

from kernel.refusals import Conflict
from services.accounts.hand_over_steps.rules import (
    AccountStatus,
    Action,
    next_status,
    require_still_theirs,
    returned_to,
    takes,
)
from tests.services.tables import claim_moves

LEADS_TO = {
    (AccountStatus.DRAFTED, Action.PACK): AccountStatus.PACKED,
    (AccountStatus.DRAFTED, Action.CANCEL): AccountStatus.CANCELLED,
    (AccountStatus.PACKED, Action.OFFER): AccountStatus.OFFERED,
    (AccountStatus.PACKED, Action.CANCEL): AccountStatus.CANCELLED,
    (AccountStatus.OFFERED, Action.ACCEPT): AccountStatus.ACCEPTED,
    (AccountStatus.OFFERED, Action.RETURN): AccountStatus.RETURNED,
    (AccountStatus.OFFERED, Action.CANCEL): AccountStatus.CANCELLED,
    (AccountStatus.PARKED, Action.RETRY): AccountStatus.DRAFTED,
}


def test_each_status_takes_what_the_table_says() -> None:
    claim_moves(next_status, (AccountStatus, Action), LEADS_TO, "wrong_account_status")
    for action in Action:
        assert takes(action) == [status for status in AccountStatus if (status, action) in LEADS_TO]


def test_what_is_parked_says_what_a_person_can_do_about_it() -> None:
    with pytest.raises(Conflict, match="`parked_reason` says why; draft another hand-over for it"):
        next_status(AccountStatus.PARKED, Action.ACCEPT)


@pytest.mark.parametrize("action", [Action.PACK, Action.OFFER, Action.ACCEPT, Action.RETURN])
def test_what_a_step_has_moved_or_parked_it_does_not_take_again(action: Action) -> None:
    left = {next_status(status, action) for status in takes(action)} | {AccountStatus.PARKED}
    assert left.isdisjoint(takes(action))


def test_what_belongs_to_another_by_now_stays_there() -> None:
    with pytest.raises(Conflict) as refused:
        require_still_theirs(owner_id="cleo", from_id="ada")
    assert refused.value.code == "owner_changed"
    require_still_theirs(owner_id="ada", from_id="ada")


@pytest.mark.parametrize(
    ("lead_id", "is_lead_there", "owner_id"),
    [("lead", True, "lead"), ("lead", False, "ada"), (None, False, "ada"), ("ben", True, "ada")],
)
def test_an_account_that_is_returned_goes_to_the_lead(
    lead_id: str | None, is_lead_there: bool, owner_id: str
) -> None:
    given = {"from_id": "ada", "to_id": "ben", "lead_id": lead_id}
    assert returned_to(**given, is_lead_there=is_lead_there) == owner_id
