"""Accounts are opened, edited, moved and found; every change is announced with the whole account."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from kernel.refusals import Conflict, Invalid, NotFound, VersionMismatch
from services.accounts.events import ACCOUNT

pytestmark = pytest.mark.server


def events(office) -> list[tuple[str, dict[str, Any]]]:
    announced = office.session.info.pop("announced", [])
    return [(event.name, data) for event, data, _ in announced if event.about == "account_id"]


def test_an_account_opens_as_a_prospect_with_the_next_number(office) -> None:
    first, second = office.account(), office.account(name="Another")
    assert first["status"] == "prospect"
    assert first["version"] == 1
    assert int(second["number"][2:]) == int(first["number"][2:]) + 1


def test_a_number_of_ones_own_is_kept_and_belongs_to_one_account(office) -> None:
    account = office.account(number="0379-NEVHP")
    assert account["number"] == "0379-NEVHP"
    with pytest.raises(Conflict, match="Acme Trading") as refusal:
        office.account(number="0379-NEVHP")
    assert refusal.value.facts["account_id"] == account["account_id"]


def test_opening_is_announced_with_the_whole_account(office) -> None:
    account = office.account()
    [(name, data)] = events(office)
    assert name == "account_opened"
    told = {*ACCOUNT, "lead_id", "campaign"}
    assert data == {key: account[key] for key in told}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "A-000017"),
        ("number", "with space"),
        ("country", "XX"),
        ("country", "de"),
        ("currency", "EURO"),
        ("language", "German"),
        ("language", "de_AT"),
        ("language", "ca-valencia"),
        ("language", ""),
        ("time_zone", "Berlin"),
        ("net_days", -1),
        ("net_days", 366),
        ("credit_limit", -1),
        ("credit_limit", 10.5),
        ("email", "nobody"),
        ("preferred_channel", "fax"),
        ("tier", "gold"),
        ("colour", "red"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(office, field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        office.account(**{field: value})
    assert list(refusal.value.messages) == [field]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("de", "de"),
        ("pt-BR", "pt-BR"),
        ("sr-Latn", "sr-Latn"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("ES-419", "es-419"),
    ],
)
def test_a_language_is_told_by_its_tag_and_kept_in_its_proper_case(
    office, sent: str, kept: str
) -> None:
    account = office.account(language=sent)
    assert account["language"] == kept
    office.do("edit_account", account_id=account["account_id"], language="en")
    edited = office.do("edit_account", account_id=account["account_id"], language=sent)
    assert edited["language"] == kept
    assert [data["language"] for _, data in events(office)] == [kept, "en", kept]


def test_a_language_that_is_none_is_refused_with_what_one_is(office) -> None:
    with pytest.raises(ValidationError, match=r"Must be a language tag .*zh-Hant"):
        office.account(language="german")


def test_a_tax_id_has_one_account_however_it_is_written(office) -> None:
    known = office.account(tax_id="GB 980-7806 84")
    with pytest.raises(Conflict, match=known["number"]) as refusal:
        office.account(name="Other", tax_id="gb980780684")
    assert refusal.value.code == "duplicate_tax_id"
    assert refusal.value.facts["account_id"] == known["account_id"]
    other = office.account(name="Other")
    with pytest.raises(Conflict, match=known["number"]):
        office.do("edit_account", account_id=other["account_id"], tax_id="GB980780684")


def test_an_account_keeps_its_own_tax_id_written_otherwise(office) -> None:
    account = office.account(tax_id="GB 980-7806 84")
    edited = office.do("edit_account", account_id=account["account_id"], tax_id="GB980780684")
    assert edited["tax_id"] == "GB980780684"


@pytest.mark.parametrize(
    ("changes", "announced"),
    [
        ({"name": "Acme Ltd"}, ["account_edited"]),
        ({"net_days": 14}, ["terms_changed"]),
        ({"credit_limit": None}, ["credit_limit_changed"]),
        ({"currency": "EUR", "credit_limit": 500_000}, ["terms_changed"]),
        (
            {"tier": "key", "net_days": 14, "credit_limit": 1},
            ["terms_changed", "credit_limit_changed", "account_edited"],
        ),
        ({"net_days": 30}, []),
        ({}, []),
    ],
)
def test_each_kind_of_change_has_its_event(office, changes, announced: list[str]) -> None:
    account = office.account()
    events(office)
    edited = office.do("edit_account", account_id=account["account_id"], **changes)
    heard = events(office)
    assert [name for name, _ in heard] == announced
    assert edited == account | changes | {"version": account["version"] + bool(announced)}
    for _, data in heard:
        assert {key: data[key] for key in ACCOUNT} == {key: edited[key] for key in ACCOUNT}


def test_an_edit_says_what_changed(office) -> None:
    account = office.account()
    events(office)
    office.do("edit_account", account_id=account["account_id"], tier="key", name="New")
    [(_, data)] = events(office)
    assert data["changed"] == ["name", "tier"]


def test_the_address_is_not_taken_from_who_prefers_email(office) -> None:
    account = office.account()
    with pytest.raises(Invalid, match="prefers e-mail"):
        office.do("edit_account", account_id=account["account_id"], email=None)


def test_the_way_of_an_account_is_announced_and_remembered(office) -> None:
    account_id = office.active_account()["account_id"]
    office.do("hold_account", account_id=account_id, reason="Unreachable.")
    office.do("release_account", account_id=account_id)
    office.close(account_id)
    moves = [(name, data["status"]) for name, data in events(office) if name.startswith("acc")]
    assert moves == [
        ("account_opened", "prospect"),
        ("account_onboarding", "onboarding"),
        ("account_activated", "active"),
        ("account_held", "on_hold"),
        ("account_released", "active"),
        ("account_closing", "closing"),
        ("account_closed", "closed"),
    ]
    states = office.do("list_states", account_id=account_id)["items"]
    assert [(one["action"], one["status"], one["reason"]) for one in states] == [
        (None, "prospect", None),
        ("begin_onboarding", "onboarding", None),
        ("activate", "active", None),
        ("hold", "on_hold", "Unreachable."),
        ("release", "active", None),
        ("close", "closing", "Moved abroad."),
        ("complete_closing", "closed", "Moved abroad."),
    ]
    assert {one["moved_by"] for one in states} == {"key_office"}


def test_versions_grow_with_every_announced_change(office) -> None:
    account_id = office.active_account()["account_id"]
    office.do("hold_account", account_id=account_id, reason="Unreachable.")
    office.do("edit_account", account_id=account_id, name="Acme")
    versions = [data["version"] for name, data in events(office) if "status" in data]
    assert versions == list(range(1, len(versions) + 1))


def test_an_illegal_move_changes_and_announces_nothing(office) -> None:
    account = office.account()
    events(office)
    with pytest.raises(Conflict) as refusal:
        office.do("hold_account", account_id=account["account_id"], reason="Why not.")
    assert refusal.value.code == "wrong_status"
    assert events(office) == []


def test_a_closed_account_is_changed_by_nobody(office) -> None:
    account_id = office.account()["account_id"]
    office.close(account_id)
    with pytest.raises(Conflict, match="reopen"):
        office.do("edit_account", account_id=account_id, name="Other")


def test_a_change_on_an_old_version_is_refused(office) -> None:
    account = office.account()
    office.do("edit_account", account_id=account["account_id"], tier="key")
    office.session.info["if_match"] = {account["account_id"]: account["version"]}
    with pytest.raises(VersionMismatch):
        office.do("edit_account", account_id=account["account_id"], tier="small")


@pytest.mark.parametrize(
    "text",
    [
        "mul",
        "MÜLLER",
        "söh müll",
        "muller & sohne gmbh",
        "0379-",
        "0379 nev",
        "buch@mu",
        "mueller.ex",
        "DE 811",
        "de811 907",
        "811",
    ],
)
def test_an_account_is_found_by_how_its_words_begin(office, text: str) -> None:
    wanted = office.account(
        name="Müller & Söhne GmbH",
        number="0379-NEVHP",
        email="buch@mueller.example",
        country="CU",  # whose rules are not known
        tax_id="DE 811 907",
    )
    office.account(name="Zenith Foods")
    found = office.do("list_accounts", q=text)["items"]
    # A tax id is one word, so its middle does not begin one.
    assert found == ([] if text == "811" else [wanted])


@pytest.mark.parametrize("text", ["'", "\\", "a & b | !c", ":*", "(", "%", "<->"])
def test_signs_of_the_query_language_are_just_text(office, text: str) -> None:
    office.account()
    assert office.do("list_accounts", q=text)["items"] == []


def test_an_edited_account_is_found_by_its_new_name(office) -> None:
    account_id = office.account()["account_id"]
    office.do("edit_account", account_id=account_id, name="Zenith Foods")
    assert len(office.do("list_accounts", q="zenith")["items"]) == 1
    assert office.do("list_accounts", q="trading")["items"] == []


def test_accounts_are_listed_by_name_through_filters_in_pages(office) -> None:
    ada = office.staff()["staff_id"]
    for name in ("Delta", "alpha", "Charlie", "Bravo"):
        office.account(name=name, owner_id=ada, tier="key")
    office.account(name="Echo", owner_id=ada, tier="small", country="DE")
    office.account(name="Foxtrot", tier="key")

    names, after = [], None
    while True:
        page = office.do("list_accounts", owner_id=ada, tier="key", limit=2, **after or {})
        names.append([one["name"] for one in page["items"]])
        if not page["has_more"]:
            break
        after = {"after": page["next_after"]}
    assert names == [["alpha", "Bravo"], ["Charlie", "Delta"]]
    by_country = office.do("list_accounts", owner_id=ada, country="DE", status="prospect")
    assert [one["name"] for one in by_country["items"]] == ["Echo"]


def test_likely_duplicates_are_named_with_reasons_likeliest_first(office) -> None:
    account = office.account(name="John Smith Consulting Ltd", email="john@smith.example")
    same = office.account(name="JOHN SMITH CONSULTING Inc.", email="j@other.example")
    alike = office.account(name="Jon Smith Consulting", email="John@Smith.example")
    by_mail = office.account(name="Zenith", email="john@smith.example")
    office.account(name="Smith Motors", email="m@other.example")
    found = office.do("list_duplicates", account_id=account["account_id"])["items"]
    assert [(one["account_id"], one["reasons"]) for one in found] == [
        (same["account_id"], ["same_name"]),
        (alike["account_id"], ["similar_name", "same_email"]),
        (by_mail["account_id"], ["same_email"]),
    ]
    assert found[0]["likeness"] == 100


def test_an_account_without_an_owner_is_not_opened(office) -> None:
    with pytest.raises(NotFound, match="no staff"):
        office.account(owner_id="stf_01jd3v4q6ye8z9t5k2m7n0p1xw")
