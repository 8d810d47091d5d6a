"""A person sees the accounts they own, help with and stand in for, and those of everyone below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

from chassis.database import AccountOwned
from chassis.doors.rows import find_hidden, require_visible, seeing_all, visible
from chassis.doors.sessions import open_session
from chassis.store import tables
from chassis.store.sight import keep_owners, keep_staff
from kernel.callers import ALL_ACCOUNTS, ITSELF, Caller
from kernel.refusals import NotFound, NotKnownYet

pytestmark = pytest.mark.server

PEOPLE = ["ann", "bob", "cy", "dee", "eve"]
ACCOUNTS = ["acc_1", "acc_2", "acc_3", "acc_4"]


class Base(DeclarativeBase):
    """What belongs to accounts, for these tests."""


class Thing(Base, AccountOwned):
    """A thing of an account."""

    __tablename__ = "thing"
    __table_args__ = {"prefixes": ["TEMPORARY"]}

    thing_id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(server_default="old")


@dataclass
class Firm:
    """Who reports to whom, who works here, who owns, helps with and stands in for what."""

    superiors: dict[str, str | None] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    owners: dict[str, str] = field(default_factory=dict)
    helpers: dict[tuple[str, str], bool] = field(default_factory=dict)
    stand_ins: dict[tuple[str, str], bool] = field(default_factory=dict)

    def seen_by(self, staff_id: str) -> set[str]:
        """The accounts that somebody sees, as the rule is told."""
        if staff_id not in self.superiors or staff_id in self.gone:
            return set()
        people: set[str] = set()
        more = {staff_id}
        while more - people:
            people |= more
            more = {one for one, above in self.superiors.items() if above in people}
            more |= {
                away for (who, away), stands in self.stand_ins.items() if stands and who in people
            }
        owned = {account for account, owner in self.owners.items() if owner in people}
        helped = {
            account for (account, who), stands in self.helpers.items() if stands and who in people
        }
        return owned | helped

    def store(self, connection: Connection) -> None:
        """Let the copy say so."""
        staff = [
            {
                "staff_id": one,
                "reports_to_id": above,
                "is_active": one not in self.gone,
                "version": 1,
            }
            for one, above in self.superiors.items()
        ]
        owners = [
            {"account_id": account, "owner_id": owner, "version": 1}
            for account, owner in self.owners.items()
        ]
        with Session(connection) as session, session.begin():
            keep_staff(session, staff)
            keep_owners(session, owners)
        for table, rows in (
            (tables.account_sight, self._helping()),
            (tables.stand_in_sight, self._standing_in()),
        ):
            if rows:
                connection.execute(insert(table), rows)

    def _helping(self) -> list[dict[str, Any]]:
        return [
            {"account_id": account, "given_by": f"help_{who}", "staff_id": who, "version": 1}
            | {"is_standing": stands}
            for (account, who), stands in self.helpers.items()
        ]

    def _standing_in(self) -> list[dict[str, Any]]:
        return [
            {"absence_id": f"{who}_{away}", "staff_id": who, "away_id": away, "version": 1}
            | {"is_standing": stands}
            for (who, away), stands in self.stand_ins.items()
        ]


SOMEBODY = st.sampled_from(PEOPLE)
FIRMS = st.builds(
    Firm,
    superiors=st.dictionaries(SOMEBODY, st.none() | SOMEBODY),
    gone=st.sets(SOMEBODY, max_size=1),
    owners=st.dictionaries(st.sampled_from(ACCOUNTS), SOMEBODY),
    helpers=st.dictionaries(
        st.tuples(st.sampled_from(ACCOUNTS), SOMEBODY), st.booleans(), max_size=3
    ),
    stand_ins=st.dictionaries(st.tuples(SOMEBODY, SOMEBODY), st.booleans(), max_size=3),
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


def things_seen(connection: Connection, caller: Caller) -> set[str]:
    with open_session(connection, caller) as session:
        return set(session.scalars(select(Thing.account_id)))


def accounts_let_in(connection: Connection, caller: Caller) -> set[str]:
    found = set()
    with open_session(connection, caller) as session:
        for account in ACCOUNTS:
            try:
                require_visible(session, account)
            except NotFound:
                continue
            found.add(account)
    return found


def rows_seen(connection: Connection, caller: Caller) -> set[str]:
    column = Thing.__table__.c.account_id
    with open_session(connection, caller) as session:
        return set(session.connection().scalars(select(column).where(*visible(session, column))))


def accounts_let_in_together(connection: Connection, caller: Caller) -> set[str]:
    others = [(person(one), account) for one in PEOPLE for account in ACCOUNTS]
    named = [*others, *((caller, account) for account in ACCOUNTS), (caller, None)]
    with open_session(connection, ITSELF) as session:
        *hidden, of_none = find_hidden(session, named)[len(others) :]
    assert of_none is None
    return {account for account, one in zip(ACCOUNTS, hidden, strict=True) if one is None}


WAYS = [things_seen, accounts_let_in, accounts_let_in_together, rows_seen]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(firm=FIRMS)
def test_who_sees_which_accounts_is_as_the_rule_is_told(connection: Connection, firm: Firm) -> None:
    with connection.begin_nested() as savepoint:
        firm.store(connection)
        for one in [*PEOPLE, "nobody"]:
            for way in WAYS:
                assert way(connection, person(one)) == firm.seen_by(one)
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
    with connection.begin_nested() as savepoint:
        with Session(connection) as session, session.begin():
            for begin in range(0, len(told), together):
                keep_owners(session, owned[begin : begin + together])
                keep_staff(session, staff[begin : begin + together])
        [owner] = connection.execute(select(tables.account_sight)).all()
        [one] = connection.execute(select(tables.staff_tree)).all()
        savepoint.rollback()
    assert (owner.staff_id, owner.version) == ("p5", 5)
    assert (one.reports_to_id, one.is_active, one.version) == ("p5", False, 5)
