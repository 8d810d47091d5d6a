"""Claims about credit terms: an account's own, else the firm's in its currency; nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.accounts.queries import fetch_account
from services.sales.credit_terms import queries, usecases

pytestmark = pytest.mark.server


@pytest.fixture
def put(session: Any, shop: Any) -> Any:
    def put(account_id: str | None, limit: int | None, days: int = 0, **facts: Any) -> Any:
        terms = {"overdue_limit": limit, "overdue_days": days, "counts_drafts": False}
        said = terms | facts | {"reason": "So.", "now": shop.now, "by": "kim"}
        if account_id is None:
            return usecases.set_default_credit_terms(session, currency="CHF", **said)
        return usecases.set_credit_terms(session, account_id=account_id, **said)

    return put


def applies(session: Any, account_id: str) -> tuple[int | None, int, bool]:
    terms = queries.find_terms(session, [fetch_account(session, account_id)])[account_id]
    shown = queries.get_credit_terms(session, account_id=account_id)
    found = (terms.overdue_limit, terms.overdue_days, terms.counts_drafts)
    assert found == tuple(
        shown[name] for name in ("overdue_limit", "overdue_days", "counts_drafts")
    )
    return found


def test_without_terms_nothing_but_the_total_is_looked_at(session: Any, shop: Any) -> None:
    account_id = shop.open_account(currency="CHF")
    assert applies(session, account_id) == (None, 0, False)
    assert queries.get_credit_terms(session, account_id=account_id)["version"] == 0


def test_its_own_terms_count_before_the_firms(session: Any, shop: Any, put: Any) -> None:
    account_id, other = shop.open_account(currency="CHF"), shop.open_account(currency="EUR")
    put(None, 900, counts_drafts=True)
    assert applies(session, account_id) == (900, 0, True)
    assert applies(session, other) == (None, 0, False), "which has another currency"
    put(account_id, 500, 5)
    put(None, 800)
    assert applies(session, account_id) == (500, 5, False)
    put(account_id, None)
    assert applies(session, account_id) == (None, 0, False), "its own say that none is looked at"
    usecases.follow_default(session, account_id=account_id, reason="So.", now=shop.now, by="lee")
    assert applies(session, account_id) == (800, 0, False)


def test_what_was_said_before_stays_to_be_read(session: Any, shop: Any, put: Any) -> None:
    account_id = shop.open_account(currency="CHF")
    for limit in (500, 400, None):
        put(account_id, limit)
        put(None, limit)
    usecases.follow_default(session, account_id=account_id, reason="So.", now=shop.now, by="lee")
    page = {"limit": 10, "after": None}
    own = queries.list_credit_terms(session, account_id=account_id, **page)["items"]
    assert [(one.version, one.overdue_limit, one.is_default) for one in own] == [
        (4, None, True),
        (3, None, False),
        (2, 400, False),
        (1, 500, False),
    ]
    firm = queries.list_default_credit_terms(session, currency="CHF", **page)["items"]
    assert [one.overdue_limit for one in firm][:3] == [None, 400, 500]
