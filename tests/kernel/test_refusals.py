"""Claims about refusals: each has a code, a sentence and a status, and names the field to blame."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DataError

from kernel import refusals
from kernel.refusals import (
    REASON_MAX,
    Conflict,
    Invalid,
    NotFound,
    NotKnownYet,
    Refusal,
    why,
)

STATUSES = {
    "Refusal": 400,
    "Invalid": 422,
    "Unauthenticated": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "NotKnownYet": 404,
    "Conflict": 409,
    "VersionMismatch": 412,
    "TooLate": 503,
    "Unavailable": 503,
}
KINDS = {
    name: kind
    for name, kind in vars(refusals).items()
    if isinstance(kind, type) and issubclass(kind, Refusal)
}


def test_every_refusal_has_the_status_that_http_has_for_it() -> None:
    assert {name: kind.status for name, kind in KINDS.items()} == STATUSES


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_refusal_has_a_code_for_programs_and_a_sentence_for_people(kind: type[Refusal]) -> None:
    refusal = kind("too_much", "Ask for less.", limit=3)
    assert (refusal.code, refusal.detail, str(refusal)) == (
        "too_much",
        "Ask for less.",
        "Ask for less.",
    )
    assert (refusal.errors, refusal.facts) == ([], {"limit": 3})


def test_the_field_to_blame_is_named_with_the_sentence() -> None:
    refusal = Conflict("too_much", "Ask for less.", field="lines/0/quantity")
    assert refusal.errors == [{"field": "lines/0/quantity", "detail": "Ask for less."}]


def test_several_fields_are_named_at_once() -> None:
    errors = [{"field": "a", "detail": "Too long."}, {"field": "b/0", "detail": "Missing."}]
    refusal = Invalid.fields(errors)
    assert isinstance(refusal, Invalid)
    assert (refusal.code, refusal.errors) == ("invalid_fields", errors)
    assert refusal.detail == "a: Too long.; b/0: Missing."


@pytest.mark.parametrize("name", ["type", "title", "status", "errors", "instance", "request_id"])
def test_a_fact_takes_no_name_that_a_problem_document_has_for_itself(name: str) -> None:
    with pytest.raises(AssertionError, match=f"{name}.*name the fact otherwise"):
        Conflict("code", "Sentence.", **{name: 1})


def test_what_is_not_known_yet_is_not_found() -> None:
    assert issubclass(NotKnownYet, NotFound)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OverflowError("date value out of range"), "OverflowError: date value out of range"),
        (AssertionError(), "AssertionError"),
        (Conflict("run_state", "The run is over."), "The run is over"),
        (ValueError("first line\nsecond line"), "ValueError: first line"),
        (
            DataError("SELECT secret", {"iban": "DE1"}, ValueError("bigint out of range")),
            "ValueError: bigint out of range",
        ),
    ],
)
def test_the_reason_is_one_line_without_what_was_asked_of_the_database(
    error: Exception, words: str
) -> None:
    assert why(error) == words


def test_the_reason_is_not_longer_than_people_read() -> None:
    assert len(why(ValueError("x" * 10_000))) == REASON_MAX == 300
