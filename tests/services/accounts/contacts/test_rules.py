"""Claims about contacts: who can be reached, and when."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, example_number, format_number

from kernel.refusals import Conflict, Invalid
from services.accounts.accounts.rules import COUNTRIES
from services.accounts.contacts.rules import (
    merge_phones,
    read_phone,
    require_not_ended,
    require_period,
    require_reachable,
)

DAY = date(2026, 3, 2)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
LAST = date(2076, 3, 2)  # the last day that is foreseeable
EMAIL, PHONE = "ann@brown.example", "+49301234567"


@pytest.mark.parametrize(("email", "phone"), [(EMAIL, None), (None, PHONE), (EMAIL, PHONE)])
def test_an_address_or_a_number_is_enough(email: str | None, phone: str | None) -> None:
    require_reachable(email=email, phone=phone)


@pytest.mark.parametrize("email", [None, ""])
@pytest.mark.parametrize("phone", [None, ""])
def test_a_contact_who_cannot_be_reached_is_refused(email: str | None, phone: str | None) -> None:
    with pytest.raises(Invalid, match="an e-mail address or a phone number") as refused:
        require_reachable(email=email, phone=phone)
    assert refused.value.code == "unreachable"
    assert refused.value.errors[0]["field"] == "email"


@pytest.mark.parametrize(
    ("valid_from", "valid_to"),
    [(DAY, None), (DAY, DAY), (DAY, AFTER), (BEFORE, DAY), (LAST, LAST), (date.min, None)],
)
def test_a_contacts_time_ends_on_its_first_day_or_later(
    valid_from: date, valid_to: date | None
) -> None:
    require_period(valid_from=valid_from, valid_to=valid_to, today=DAY)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "code", "field"),
    [
        (DAY, BEFORE, "ends_before_it_begins", "valid_to"),
        (DAY, LAST + timedelta(days=1), "too_far_ahead", "valid_to"),
        (LAST + timedelta(days=1), None, "too_far_ahead", "valid_from"),
    ],
)
def test_a_time_that_is_none_or_that_nobody_sees_is_refused(
    valid_from: date, valid_to: date | None, code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        require_period(valid_from=valid_from, valid_to=valid_to, today=DAY)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, field)


@pytest.mark.parametrize("valid_to", [None, DAY, AFTER])
def test_a_contact_can_be_changed_up_to_its_last_day(valid_to: date | None) -> None:
    require_not_ended(name="Ann", valid_to=valid_to, today=DAY)


def test_a_contact_whose_time_is_over_is_history() -> None:
    with pytest.raises(Conflict, match=f"Ann ended on {BEFORE}; add a new contact") as refused:
        require_not_ended(name="Ann", valid_to=BEFORE, today=DAY)
    assert refused.value.code == "contact_ended"


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("(0)30/123-45.67", "DE", "+49301234567"),
        ("+49 30 1234567", "IE", "+49301234567"),
        ("0049 30 1234567", "IE", "+49301234567"),
        ("011 49 30 1234567", "US", "+49301234567"),
        ("01 234 5678", "IE", "+35312345678"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("+44 7700 900123", "GB", "+447700900123"),  # in no plan yet
        ("06 698 1234", "IT", "+39066981234"),  # there the zero is a part of it
        ("+1 212 555 0100", None, "+12125550100"),
        ("+49\u00a030\u202f1234567", "IE", "+49301234567"),
        ("030\u20131234567", "DE", "+49301234567"),
        ("+49 30\u2011123\u22124567", "IE", "+49301234567"),
    ],
)
def test_a_number_is_read_as_it_is_written_in_the_country(
    text: str, country: str | None, number: str
) -> None:
    assert read_phone(text, country=country, field="phone") == number


@pytest.mark.parametrize(
    ("text", "country", "remedy"),
    [
        ("12345", "DE", "030 123456 or [+]49 30 123456"),
        ("call me", "IE", "[(]022[)] 12345 or [+]353 22 12345"),
        ("030 1234567", "GB", "like"),  # Berlin's
        ("01 234 5678 ext. 9", "IE", "like"),
        ("+999 1234567", "IE", "like"),
        ("+44 20 7946 01234", "GB", "like"),  # a digit too many
        ("", "GB", "like"),
        ("\u0661\u0662\u0663", "GB", "like"),
        ("+49 30 123456\u00b2", "DE", "like"),  # a footnote's sign is no digit
        ("030 1234567", None, "with its country code, like [+]49"),
        ("030 1234567", "AQ", "with its country code"),
    ],
)
def test_what_is_no_number_is_refused_with_an_example_of_the_country(
    text: str, country: str | None, remedy: str
) -> None:
    with pytest.raises(Invalid, match=remedy) as refused:
        read_phone(text, country=country, field="phones/2/number")
    assert (refused.value.code, refused.value.errors[0]["field"]) == (
        "phone_unknown",
        "phones/2/number",
    )


EXAMPLES = {one: found for one in sorted(COUNTRIES) if (found := example_number(one))}


@given(st.sampled_from([*EXAMPLES]), st.sampled_from(sorted(COUNTRIES)))
def test_a_number_is_the_same_however_and_wherever_it_is_written(
    country: str, elsewhere: str
) -> None:
    number, abroad, at_home = (
        format_number(EXAMPLES[country], form)
        for form in (
            PhoneNumberFormat.E164,
            PhoneNumberFormat.INTERNATIONAL,
            PhoneNumberFormat.NATIONAL,
        )
    )
    for text in (number, abroad):
        assert read_phone(text, country=elsewhere, field="phone") == number
    assert read_phone(at_home, country=country, field="phone") == number


@given(st.sampled_from([*EXAMPLES]), st.lists(st.sampled_from([*" ()./-", ""]), min_size=16))
def test_what_was_taken_with_its_country_code_before_is_taken_as_it_was(
    country: str, signs: list[str]
) -> None:
    number = format_number(EXAMPLES[country], PhoneNumberFormat.E164)
    text = "".join(map("".join, zip_longest(signs, number, fillvalue="")))

    assert read_phone(text, country="DE", field="phone") == number


@given(st.text(max_size=30), st.sampled_from([*sorted(COUNTRIES), None]))
def test_whatever_is_typed_is_a_number_or_refused(text: str, country: str | None) -> None:
    try:
        number = read_phone(text, country=country, field="phone")
    except Invalid:
        return
    assert read_phone(number, country=None, field="phone") == number


def kept(*numbers: str) -> list[dict[str, str]]:
    return [{"kind": "office", "number": number} for number in numbers]


ONE, TWO, THREE = "+35312345678", "+35312345679", "+35312345680"


@pytest.mark.parametrize(
    ("known", "sent", "numbers"),
    [
        ([], {"phone": "01 234 5678"}, [ONE]),
        ([], {"phone": None, "phones": None}, []),
        ([ONE, TWO], {"phone": THREE}, [THREE, TWO]),
        ([ONE, TWO], {"phone": TWO}, [TWO]),
        ([ONE, TWO], {"phone": None}, [TWO]),
        ([ONE], {"phones": kept(TWO, ONE)}, [TWO, ONE]),
        ([ONE], {"phones": kept(TWO), "phone": TWO}, [TWO]),
        ([ONE], {"phones": []}, []),
    ],
)
def test_the_first_of_the_numbers_is_the_phone(
    known: list[str], sent: dict[str, object], numbers: list[str]
) -> None:
    merged = merge_phones(kept(*known), sent, country="IE")
    assert merged["phones"] == kept(*numbers)
    assert merged["phone"] == (numbers[0] if numbers else None)


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"phones": kept(ONE, "01 234 5678")}, "phone_twice", "phones/1/number"),
        ({"phones": kept(ONE), "phone": TWO}, "phone_differs", "phone"),
        ({"phones": kept(ONE, "none")}, "phone_unknown", "phones/1/number"),
    ],
)
def test_numbers_that_do_not_fit_together_are_refused(
    sent: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        merge_phones([], sent, country="IE")
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, field)
