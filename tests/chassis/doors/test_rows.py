"""A person sees the accounts they own, help with and stand in for, and those of everyone below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

from chassis.database import (
    SEEN_TYPES,
    AccountOwned,
    Planned,
    ask_seen,
    require_person,
    seen,
)
from chassis.doors.rows import find_hidden, hold_to_acts, require_visible, seeing_all, visible
from chassis.doors.sessions import open_session
from chassis.store import tables
from chassis.store.sight import (
    keep_absences,
    keep_owners,
    keep_sharings,
    keep_staff,
)
from kernel.callers import ALL_ACCOUNTS, ITSELF, Caller
from kernel.refusals import Forbidden, NotFound, NotKnownYet
from tests.chassis.doors.firms import ACCOUNTS, FIRMS, PEOPLE, Firm

pytestmark = pytest.mark.server


class Base(DeclarativeBase):
    """What belongs to accounts, for these tests."""


class Thing(Base, AccountOwned):
    """A thing of an account."""

    __tablename__ = "thing"
    __table_args__ = {"prefixes": ["TEMPORARY"]}

    thing_id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(server_default="old")


FIND = Planned(
    f"SELECT account_id FROM thing WHERE {seen('thing.account_id')} LIMIT :most",
    most="bigint",
    **SEEN_TYPES,
)


@pytest.fixture
def connection(engine_of: Callable[[str], Engine]) -> Iterator[Connection]:
    with engine_of("sales").connect() as connection, connection.begin() as transaction:
        Base.metadata.create_all(connection)
        things = [{"thing_id": account, "account_id": account} for account in ACCOUNTS]
        connection.execute(insert(Thing.__table__), things)
        yield connection
        transaction.rollback()


def person(staff_id: str, *scopes: str, accounts: set[str] | None = None) -> Caller:
    limit = None if accounts is None else frozenset(accounts)
    return Caller(staff_id, frozenset(scopes), limit, staff_id)


def reading(connection: Connection, caller: Caller) -> Session:
    session = open_session(connection, caller)
    hold_to_acts(session, acts=False)
    return session


def things_seen(connection: Connection, caller: Caller) -> set[str]:
    with reading(connection, caller) as session:
        return set(session.scalars(select(Thing.account_id)))


def things_found_as_planned(connection: Connection, caller: Caller) -> set[str]:
    with reading(connection, caller) as session:
        return {row.account_id for row in ask_seen(session, FIND, {"most": len(ACCOUNTS)})}


def accounts_let_in(connection: Connection, caller: Caller) -> set[str]:
    found = set()
    with reading(connection, caller) as session:
        for account in ACCOUNTS:
            try:
                require_visible(session, account)
            except NotFound:
                continue
            found.add(account)
    return found


def rows_seen(connection: Connection, caller: Caller) -> set[str]:
    column = Thing.__table__.c.account_id
    with reading(connection, caller) as session:
        return set(session.connection().scalars(select(column).where(*visible(session, column))))


def accounts_let_in_together(connection: Connection, caller: Caller) -> set[str]:
    others = [(person(one), account) for one in PEOPLE for account in ACCOUNTS]
    named = [*others, *((caller, account) for account in ACCOUNTS), (caller, None)]
    with open_session(connection, ITSELF) as session:
        *hidden, of_none = find_hidden(session, named)[len(others) :]
    assert of_none is None
    return {account for account, one in zip(ACCOUNTS, hidden, strict=True) if one is None}


def things_changed(connection: Connection, caller: Caller) -> set[str]:
    with open_session(connection, caller) as session:
        return set(session.scalars(update(Thing).values(text="new").returning(Thing.account_id)))


def people_for_whom(connection: Connection, caller: Caller) -> set[str]:
    found = set()
    with open_session(connection, caller) as session:
        for one in PEOPLE:
            try:
                require_person(session, one)
            except Forbidden:
                continue
            found.add(one)
    return found


READING = [things_seen, things_found_as_planned, accounts_let_in, rows_seen]
ACTING = [things_changed, accounts_let_in_together]
WAYS = [*READING, *ACTING]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(firm=FIRMS)
def test_who_sees_which_accounts_is_as_the_rule_is_told(connection: Connection, firm: Firm) -> None:
    with connection.begin_nested() as savepoint:
        firm.store(connection)
        for one in [*PEOPLE, "nobody"]:
            for way in READING:
                assert way(connection, person(one)) == firm.seen_by(one)
            for way in ACTING:
                assert way(connection, person(one)) == firm.seen_by(one, acts=True)
        savepoint.rollback()


SMALL = Firm(
    superiors={"ann": None, "bob": "ann", "cy": "ann", "dee": "bob"},
    owners={"acc_1": "ann", "acc_2": "bob", "acc_3": "cy", "acc_4": "dee"},
)
EVERY = set(ACCOUNTS)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("caller", "seen"),
    [
        (Caller("system", frozenset({"*"})), EVERY),
        (Caller("system", frozenset({"*"}), frozenset({"acc_2"})), {"acc_2"}),
        (Caller("system", frozenset({"*", ALL_ACCOUNTS}), frozenset({"acc_2"})), {"acc_2"}),
        (person("dee"), {"acc_4"}),
        (person("bob"), {"acc_2", "acc_4"}),
        (person("bob", "*"), {"acc_2", "acc_4"}),
        (person("bob", ALL_ACCOUNTS), EVERY),
        (person("bob", ALL_ACCOUNTS, accounts={"acc_3"}), {"acc_3"}),
        (person("bob", accounts={"acc_3", "acc_4"}), {"acc_4"}),
        (person("ann"), EVERY),
        (person("nobody", "*"), set()),
    ],
)
def test_what_a_caller_sees_follows_from_who_they_are_and_what_they_hold(
    connection: Connection,
    way: Callable[[Connection, Caller], set[str]],
    caller: Caller,
    seen: set[str],
) -> None:
    SMALL.store(connection)
    assert way(connection, caller) == seen
    assert caller.sees_all == (seen == EVERY and caller.staff_id != "ann")


def test_a_change_in_the_tree_takes_effect_and_rewrites_no_account_row(
    connection: Connection,
) -> None:
    SMALL.store(connection)
    rows = text("SELECT ctid, xmin, account_sight FROM account_sight ORDER BY account_id")
    before = connection.execute(rows).all()
    moved = {"staff_id": "dee", "reports_to_id": "cy", "is_active": True, "version": 2}
    with Session(connection) as session, session.begin():
        keep_staff(session, [moved])
    assert things_seen(connection, person("bob")) == {"acc_2"}
    assert things_seen(connection, person("cy")) == {"acc_3", "acc_4"}
    assert connection.execute(rows).all() == before


def test_who_left_sees_nothing_and_those_above_see_what_is_still_theirs(
    connection: Connection,
) -> None:
    Firm(SMALL.superiors, {"bob"}, SMALL.owners).store(connection)
    assert things_seen(connection, person("bob", "*")) == set()
    assert things_seen(connection, person("ann")) == EVERY


@pytest.mark.parametrize("change", [update(Thing).values(text="new"), delete(Thing)])
def test_a_change_of_many_is_held_to_what_is_seen(connection: Connection, change: Any) -> None:
    SMALL.store(connection)
    with open_session(connection, person("bob")) as session, session.begin():
        session.execute(change)
    untouched = select(Thing.__table__.c.account_id).where(Thing.__table__.c.text == "old")
    assert set(connection.scalars(untouched)) == {"acc_1", "acc_3"}


def test_an_alias_is_held_to_what_is_seen(connection: Connection) -> None:
    SMALL.store(connection)
    with open_session(connection, person("bob")) as session, session.begin():
        assert set(session.scalars(select(aliased(Thing).account_id))) == {"acc_2", "acc_4"}


def test_a_service_that_works_for_itself_sees_all_and_afterwards_what_it_saw(
    connection: Connection,
) -> None:
    SMALL.store(connection)
    with open_session(connection, person("dee")) as session:
        with seeing_all(session):
            assert set(session.scalars(select(Thing.account_id))) == EVERY
        assert set(session.scalars(select(Thing.account_id))) == {"acc_4"}


def test_who_may_only_see_is_told_so_where_they_would_act(connection: Connection) -> None:
    Firm(SMALL.superiors, owners=SMALL.owners, stand_ins={("cy", "bob"): (True, False)}).store(
        connection
    )
    assert things_seen(connection, person("cy")) == {"acc_2", "acc_3", "acc_4"}
    assert things_changed(connection, person("cy")) == {"acc_3"}
    with open_session(connection, person("cy")) as session, pytest.raises(Forbidden) as refused:
        require_visible(session, "acc_2")
    assert refused.value.code == "only_seen"
    with open_session(connection, ITSELF) as session:
        [together, hidden] = find_hidden(
            session, [(person("cy"), "acc_2"), (person("cy"), "acc_1")]
        )
    assert (getattr(together, "code", None), getattr(hidden, "code", None)) == (
        "only_seen",
        "account_not_found",
    )


def test_what_is_for_a_person_is_for_them_those_above_and_whoever_stands_in(
    connection: Connection,
) -> None:
    stand_ins = {("cy", "dee"): (True, True), ("dee", "cy"): (True, False)}
    Firm(SMALL.superiors, owners=SMALL.owners, stand_ins=stand_ins).store(connection)
    may = {one: people_for_whom(connection, person(one)) for one in PEOPLE}
    assert may == {
        "ann": {"ann", "bob", "cy", "dee"},
        "bob": {"bob", "dee"},
        "cy": {"cy", "dee"},
        "dee": {"dee"},
        "eve": set(),
    }
    assert people_for_whom(connection, ITSELF) == set(PEOPLE)


def test_whose_account_it_is_may_be_on_its_way(connection: Connection) -> None:
    SMALL.store(connection)
    with open_session(connection, person("dee")) as session:
        with pytest.raises(NotKnownYet) as unknown:
            require_visible(session, "acc_5")
        with pytest.raises(NotFound) as unseen:
            require_visible(session, "acc_1")
    assert not isinstance(unseen.value, NotKnownYet)
    assert unknown.value.detail.replace("acc_5", "acc_1") == unseen.value.detail
    assert unknown.value.code == unseen.value.code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.permutations(range(1, 6)).flatmap(
        lambda order: st.lists(st.sampled_from(order), max_size=3).map(
            lambda again: [*order, *again]
        )
    ),
    together=st.integers(1, 8),
)
def test_the_newest_is_kept_in_whatever_order_and_however_often_it_is_told(
    connection: Connection, told: list[int], together: int
) -> None:
    owned = [{"account_id": "acc_9", "owner_id": f"p{v}", "version": v} for v in told]
    staff = [
        {"staff_id": "ann", "reports_to_id": f"p{v}", "is_active": v != 5, "version": v}
        for v in told
    ]
    shared = [
        {"account_id": "acc_9", "sharing_id": "shr_1", "staff_id": f"p{v}", "team_id": None}
        | {"is_standing": v != 5, "version": v}
        for v in told
    ]
    away = [
        {"absence_id": "abs_1", "delegate_id": f"p{v}", "staff_id": "ann", "may_act": v != 5}
        | {"is_standing": v != 5, "version": v}
        for v in told
    ]
    kept = [
        (keep_owners, owned),
        (keep_staff, staff),
        (keep_sharings, shared),
        (keep_absences, away),
    ]
    with connection.begin_nested() as savepoint:
        with Session(connection) as session, session.begin():
            for begin in range(0, len(told), together):
                for keep, facts in kept:
                    keep(session, facts[begin : begin + together])
        by = tables.account_sight.c.given_by
        [owner, helper] = connection.execute(select(tables.account_sight).order_by(by)).all()
        [one] = connection.execute(select(tables.staff_tree)).all()
        [stand_in] = connection.execute(select(tables.stand_in_sight)).all()
        savepoint.rollback()
    assert (helper.staff_id, helper.is_standing, helper.version) == ("p5", False, 5)
    assert (stand_in.staff_id, stand_in.is_standing, stand_in.may_act) == ("p5", False, False)
    assert (owner.staff_id, owner.version) == ("p5", 5)
    assert (one.reports_to_id, one.is_active, one.version) == ("p5", False, 5)
