"""A tax id is checked by its country's rules; one of a country that has none is taken as it is."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.accounts.accounts.rules import COUNTRIES
from services.accounts.tax_ids.rules import FORMS, require_tax_id


@pytest.mark.parametrize("country", FORMS)
def test_the_example_of_a_country_is_one(country: str) -> None:
    assert country in COUNTRIES
    require_tax_id(FORMS[country].example, country=country)


@pytest.mark.parametrize(
    ("country", "tax_id"),
    [
        ("DE", "DE136695976"),
        ("DE", "136 695 976"),
        ("DE", "181/815/0815 5"),  # a Steuernummer
        ("FR", "552 008 443"),  # a SIREN
        ("GB", "GB 980 7806 84"),
        ("GB", "XI 980780684"),  # Northern Ireland
        ("FR", "DE136695976"),  # registered in another member state
        ("US", "DE136695976"),
        ("CU", "whatever is written there"),
        ("DE", None),
    ],
)
def test_an_id_of_the_country_or_of_a_member_state_is_taken(
    country: str, tax_id: str | None
) -> None:
    require_tax_id(tax_id, country=country)


@pytest.mark.parametrize(
    ("country", "tax_id", "example"),
    [
        ("DE", "DE136695975", "DE 136,695 976"),
        ("DE", "none", "DE 136,695 976"),
        ("GB", "GB123456", "GB 980 7806 84"),
        ("US", "00-0000000000", "91-1144442"),
        ("FR", "DE136695975", "FR 40 303 265 045"),
    ],
)
def test_what_is_none_is_refused_with_one_that_is(country: str, tax_id: str, example: str) -> None:
    with pytest.raises(Invalid, match=example) as refused:
        require_tax_id(tax_id, country=country)
    assert refused.value.code == "tax_id_form"
    assert refused.value.errors[0]["field"] == "tax_id"


@given(st.sampled_from(sorted(FORMS)), st.text(max_size=40))
def test_whatever_is_written_is_taken_or_refused(country: str, tax_id: str) -> None:
    with suppress(Invalid):
        require_tax_id(tax_id, country=country)
