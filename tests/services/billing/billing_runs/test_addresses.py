"""Bills that leave by post need an address."""

from __future__ import annotations

import pytest

from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


def test_a_bill_that_leaves_by_post_waits_for_an_address(books: Books, runs: Runs) -> None:
    account = books.open_account()
    runs.address(account, version=1, preferred_channel="post")
    runs.charge(account, 500)
    run_id = runs.plan()
    assert runs.bill(run_id, account).reason == "no_address"
    assert runs.retry(run_id, account).status == "parked"
    street = {"kind": "billing", "recipient": None, "lines": ["Kai 1"], "country": "DE"}
    street |= {"country_name": "Germany", "valid_from": "2026-01-01", "valid_to": None}
    runs.address(account, version=2, preferred_channel="post", addresses=[street])
    assert runs.retry(run_id, account).status == "pending"
    runs.address(account, version=3, preferred_channel="post")
    assert runs.approve(run_id)["status"] == "completed_with_parked"
    assert runs.bill(run_id, account).reason == "no_address"
    runs.address(account, version=4, email="ann@brown.example")
    assert runs.retry(run_id, account).status == "invoiced"
    assert runs.run(run_id)["status"] == "completed"
