"""A reference is one account's; who asks for a taken one learns whose, where they may see it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kernel.refusals import Conflict
from services.accounts.references.rules import REFERENCES_MAX, not_there, require_room, taken


def test_a_taken_reference_names_the_account_that_has_it_to_who_may_see_it() -> None:
    known = SimpleNamespace(number="A-1", name="Acme", status="active", account_id="acc_1")
    refusal = taken("crm", "7", known)
    assert "Account A-1 (Acme, active) is 7 of crm" in str(refusal)
    assert refusal.facts["account_id"] == "acc_1"
    assert "may not see" in str(taken("crm", "7", None))
    assert "account_id" not in taken("crm", "7", None).facts
    assert "not 7 of crm" in str(not_there("crm", "7"))


def test_an_account_has_so_many_references_and_no_more() -> None:
    require_room(REFERENCES_MAX - 1)
    with pytest.raises(Conflict, match="remove those"):
        require_room(REFERENCES_MAX)
