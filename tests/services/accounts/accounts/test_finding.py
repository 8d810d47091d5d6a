"""Accounts are found however people spell them, the best match first, what is only like it last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

pytestmark = pytest.mark.server


@contextmanager
def watched(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """The statements that look for accounts meanwhile, with their parameters."""
    statements: list[tuple[str, Any]] = []

    def watch(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM account" in statement:
            statements.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", watch)
    yield statements
    event.remove(connection, "before_cursor_execute", watch)


def found(office, q: str, **only) -> list[str]:
    return [one["name"] for one in office.do("list_accounts", q=q, **only)["items"]]


def page_by_page(office, **asked) -> list[str]:
    names, after = [], {}
    while True:
        page = office.do("list_accounts", **asked, **after)
        names += [one["name"] for one in page["items"]]
        if not page["has_more"]:
            return names
        after = {"after": page["next_after"]}


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Müller & Söhne GmbH", ["müller", "mueller", "muller", "MUELLER", "Mülle", "soehne mue"]),
        ("Mueller Bau", ["müller", "muller", "MUELLER", "mue", "mü"]),
        ("Weiß KG", ["weiss", "WEIß", "Weis"]),
        ("Haakon Dahl", ["håkon", "hakon", "haak"]),
        ("Sørensen A/S", ["soerensen", "sorensen", "SØR"]),
        ("Łukasz Żak", ["lukasz zak", "łuk"]),
        ("Işık Tekstil", ["isik", "IŞIK"]),
        ("ＹＡＭＡＤＡ", ["yamada"]),
        ("Ёлка", ["елка", "Ёл"]),
        ("Ελλάδα", ["ελλαδα", "ΕΛΛ"]),
    ],
)
def test_an_account_is_found_by_any_spelling(office, name: str, texts: list[str]) -> None:
    office.account(name=name)
    office.account(name="Zenith Foods")
    assert {text: found(office, text) for text in texts} == {text: [name] for text in texts}


@pytest.mark.parametrize("typed", ["Zenth Foods", "zenithh", "zentih", "Zanith", "zenit foods ltd"])
def test_an_account_is_found_where_something_is_mistyped(office, typed: str) -> None:
    office.account(name="Zenith Foods")
    office.account(name="Acme Trading Ltd")
    assert found(office, typed) == ["Zenith Foods"]


@pytest.mark.parametrize("typed", ["xyz", "quartz", "zenith quartz", "9999", "&"])
def test_what_is_like_nothing_is_not_found(office, typed: str) -> None:
    office.account(name="Zenith Foods")
    assert found(office, typed) == []


def test_this_very_name_comes_first_then_beginnings_then_words_then_what_is_alike(office) -> None:
    for name in ("Alpha Smith", "Smyth", "Smithers", "Smith Ltd", "Schmid", "Smith & Wesson"):
        office.account(name=name)
    assert found(office, "smith") == [
        "Smith Ltd",
        "Smith & Wesson",
        "Smithers",
        "Alpha Smith",
        "Smyth",
    ]


@pytest.mark.parametrize(
    ("q", "first"), [("zz-1", "Omega"), ("DE 12-3", "Beta"), ("de123", "Beta"), ("ZZ t", "Zz Top")]
)
def test_a_number_or_tax_id_comes_before_names(office, q: str, first: str) -> None:
    office.account(name="Omega", number="ZZ-1")
    office.account(name="Beta", tax_id="de123", country="CU")
    office.account(name="Zz Top", number="A17")
    office.account(name="Zz 1 De 123", number="B17")
    assert found(office, q)[0] == first


def test_what_is_found_comes_in_pages_through_filters_each_once(office) -> None:
    ada = office.staff()["staff_id"]
    for name in ("Smith Ltd", "Smith Motors", "Smyth", "Jo Smith", "Smithy", "Smeeth"):
        office.account(name=name, owner_id=ada)
    office.account(name="Smith of another owner")
    names = page_by_page(office, q="smith", owner_id=ada, limit=3)
    assert names == ["Smith Ltd", "Smith Motors", "Smithy", "Jo Smith", "Smyth"]


@pytest.mark.parametrize(("matches", "alike"), [(9, ["Smyth"]), (10, [])])
@pytest.mark.parametrize("limit", [4, 50])
def test_what_is_alike_is_looked_for_where_few_match(office, matches, alike, limit) -> None:
    ada = office.staff()["staff_id"]
    names = [f"Smith {number}" for number in range(matches)]
    for name in ("Smyth", *names):
        office.account(name=name, owner_id=ada)
    assert page_by_page(office, q="smith", owner_id=ada, limit=limit) == [*names, *alike]


def test_likely_duplicates_are_found_by_another_spelling_and_a_mistyped_word(office) -> None:
    account = office.account(name="Müller GmbH", email="a@a.example")
    same = office.account(name="Mueller", email="b@b.example")
    alike = office.account(name="Mulller Ltd", email="c@c.example")
    office.account(name="Zenith", email="d@d.example")
    likely = office.do("list_duplicates", account_id=account["account_id"])["items"]
    assert [(one["account_id"], one["reasons"]) for one in likely] == [
        (same["account_id"], ["same_name"]),
        (alike["account_id"], ["similar_name"]),
    ]


def test_no_key_stroke_reads_all_accounts(office) -> None:
    """The indexes serve every part of the search, whatever the planner prefers for a small table."""
    connection = office.session.connection()
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    with watched(connection) as statements:
        found(office, "mueller bau")
        found(office, "m")
    assert len(statements) == 3
    for statement, parameters in statements:
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
        assert not [line for line in plan if "Seq Scan on account" in line], plan
