"""What an account's state allows in billing."""

import pytest

from kernel.refusals import Conflict
from services.billing.accounts.rules import require_billable


@pytest.mark.parametrize("status", ["prospect", "onboarding", "active", "on_hold"])
def test_an_account_that_is_not_closed_gets_invoices(status):
    require_billable(number="A-1", status=status)


def test_a_closed_account_gets_none():
    with pytest.raises(Conflict, match="Account A-1 is closed") as refused:
        require_billable(number="A-1", status="closed")
    assert (refused.value.code, refused.value.facts) == ("account_closed", {"number": "A-1"})
