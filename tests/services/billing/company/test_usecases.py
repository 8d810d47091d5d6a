"""Who bills is what accounts said last, and says what tax is rounded by."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from services.accounts.events import CompanyChanged
from services.billing.company.models import FormerCompany
from services.billing.company.queries import (
    find_company,
    find_company_at,
    find_logo,
    find_rounding,
)
from services.billing.company.subscriptions import COMPANY
from services.billing.company.usecases import keep_company

pytestmark = pytest.mark.server

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def told(**facts: Any) -> dict[str, Any]:
    """What we take of what accounts announces of the company."""
    said = CompanyChanged.example | facts
    assert CompanyChanged().validate(said) == {}
    return dict(COMPANY[0]().load(said))


def test_of_what_comes_twice_and_in_any_order_the_newest_counts(session) -> None:
    newest = told(version=3, legal_name="Steward AG", tax_rounding="line")
    keep_company(session, [newest, told(version=2)], now=NOW)
    keep_company(session, [told(version=1), newest], now=NOW)
    company = find_company(session)
    assert company is not None
    assert (company.legal_name, company.version) == ("Steward AG", 3)
    assert company.tax_ids == [{"kind": "VAT", "value": "DE136695976"}]
    assert company.addresses[0]["lines"] == ["Hafenstr. 12", "20457 HAMBURG"]
    assert find_rounding(session) == "line"


def test_before_anybody_said_who_we_are_tax_is_rounded_by_document(session) -> None:
    assert find_company(session) is None
    assert find_rounding(session) == "document"


def test_one_that_was_told_before_there_was_a_choice_has_its_tax_rounded_by_document(
    session,
) -> None:
    old = {name: value for name, value in CompanyChanged.example.items() if name != "tax_rounding"}
    keep_company(session, [COMPANY[0]().load(old)], now=NOW)
    assert find_rounding(session) == "document"


def test_a_logo_is_kept_when_the_company_has_another(session) -> None:
    for version, name in ((1, "fil_a"), (2, "fil_b"), (3, None)):
        logo = None if name is None else base64.b64encode(name.encode()).decode()
        keep_company(session, [told(version=version, logo_file_id=name, logo=logo)], now=NOW)
    assert find_logo(session, "fil_a") == b"fil_a"
    assert find_logo(session, None) is None


def test_who_we_were_at_a_moment_is_kept_where_documents_would_say_otherwise(session) -> None:
    for version, change in enumerate([{}, {"tax_rounding": "line"}, {"legal_name": "Other AG"}], 1):
        at = NOW + timedelta(days=version)
        keep_company(session, [told(version=version, **change)], now=at)
    names = [find_company_at(session, at=NOW + timedelta(days=day)).legal_name for day in range(5)]
    assert names == [told()["legal_name"]] * 3 + ["Other AG"] * 2
    assert session.scalar(select(func.count()).select_from(FormerCompany)) == 1
