"""Accounts are found however people spell them, the best match first, what is only like it last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, insert, select, text

from kernel.ids import new_id
from services.accounts.accounts import queries
from services.accounts.accounts.models import Account, NameWord

pytestmark = pytest.mark.server


@contextmanager
def watched(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """The statements that look for accounts meanwhile, with their parameters."""
    statements: list[tuple[str, Any]] = []

    def watch(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM account" in statement or "FROM name_word" in statement:
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


def add_many(office, names: list[str]) -> None:
    """Accounts like one that the house opens, by one statement."""
    first = office.session.get(Account, office.account(name="Zweig")["account_id"])
    facts = {one.key: getattr(first, one.key) for one in Account.__mapper__.column_attrs}
    others = [
        facts
        | {"account_id": new_id("acc"), "number": new_id("num"), "name_key": name}
        | {"search_words": name.split()}
        for name in names
    ]
    office.session.execute(insert(Account), others)


def test_who_is_meant_is_found_among_many_that_have_more_of_its_letters(office) -> None:
    add_many(office, [f"stienberg feld {number}" for number in range(queries.CANDIDATES_MAX + 1)])
    office.account(name="Steinfeld Handel")
    assert found(office, "stienfeld") == ["Steinfeld Handel"]


def test_a_name_is_found_by_its_newest_words_where_something_is_mistyped(office) -> None:
    account_id = office.account(name="Zenith Foods")["account_id"]
    office.do("edit_account", account_id=account_id, name="Quartzite Foods")
    assert (found(office, "zentih"), found(office, "quartzie")) == ([], ["Quartzite Foods"])


def test_a_word_of_names_stands_once(office) -> None:
    for number in range(3):
        office.account(name=f"Xylophon Bau {number}")
    words = office.session.scalars(select(NameWord.word).where(NameWord.word.startswith("xylo")))
    assert words.all() == ["xylophon"]


def test_no_word_is_looked_for_among_all_by_a_plan_of_when_there_were_few(office) -> None:
    statement = text("""
        SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'name_word'
    """)
    office.session.execute(text("DELETE FROM name_word"))
    office.session.execute(text("INSERT INTO name_word (word) VALUES ('first')"))
    office.session.execute(text("ANALYZE name_word"))
    before = office.session.scalar(statement)
    add_many(office, [f"fifty {number:05}" for number in range(300)])
    assert office.session.scalar(statement) == before


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


words = st.sampled_from(["alba", "al", "alma", "bau", "al1", "ALBA", "ltd", "Äl", "é"])
called = st.tuples(words, st.sampled_from(["", " ltd", " al", " bau"])).map("".join)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(called, min_size=5, max_size=12),
    numbers=st.lists(st.sampled_from(["AL", "al", "Alba", "aL"]), unique=True, max_size=3),
    q=st.sampled_from(["al", "AL", "alba", "alb", "a", "äl", "ltd", "al.", "al ba", "&", "e"]),
    limit=st.integers(1, 3),
    owned=st.booleans(),
)
def test_pages_of_any_size_are_one_list(
    office, monkeypatch, names: list[str], numbers: list[str], q: str, limit: int, *, owned: bool
) -> None:
    """A page full of names that begin with a word is read by itself: as it would be of the whole."""
    monkeypatch.setattr(
        queries, "ENOUGH", 0
    )  # what is alike has what room is left on the last page
    with office.session.begin_nested() as apart:
        ada = office.staff()["staff_id"]
        for name, number in zip_longest(names, numbers):
            office.account(
                name=name, owner_id=ada, **({} if number is None else {"number": number})
            )
        only = {"owner_id": ada} if owned else {}
        whole = office.do("list_accounts", q=q, limit=500, **only)
        assert not whole["has_more"]
        assert page_by_page(office, q=q, limit=limit, **only) == [
            one["name"] for one in whole["items"]
        ]
        apart.rollback()


def test_of_a_word_that_many_names_begin_with_one_page_is_read(office) -> None:
    add_many(office, [f"zweig {number:04}" for number in range(3000)])
    connection = office.session.connection()
    connection.execute(text("ANALYZE account"))
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    with watched(connection) as statements:
        page = office.do("list_accounts", q="zweig", limit=20)
        office.do("list_accounts", q="zweig", limit=20, after=page["next_after"])
    for statement, parameters in statements:
        explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
        [[plan]] = connection.exec_driver_sql(explained, parameters).scalars().all()
        assert rows_read(plan["Plan"]) < 30, plan


def rows_read(node: dict[str, Any]) -> int:
    """The rows of tables that a plan reads, whether or not it keeps them."""
    of_it = 0
    if "Relation Name" in node:
        removed = node.get("Rows Removed by Filter", 0)
        of_it = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return int(of_it) + sum(rows_read(one) for one in node.get("Plans", ()))


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
    assert len(statements) == 5
    for statement, parameters in statements:
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
        assert not [line for line in plan if "Seq Scan on" in line], plan
