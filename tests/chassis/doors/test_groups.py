"""Commands that are performed together: each is answered as it would be alone."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from chassis.contract import Reach, command
from chassis.doors import groups, transaction
from chassis.doors.groups import Answer, Outcome, Performed
from chassis.doors.rows import find_hidden_things
from chassis.doors.sessions import make_engine
from chassis.fields import Id, Schema
from chassis.store.clock import Clock
from chassis.wire.listener import Overrun
from dev.ports import free_port
from dev.servers import Servers
from kernel.refusals import NotFound, Refusal
from tests.chassis.probe.models import Note
from tests.chassis.worlds import PEOPLE, Said, World

pytestmark = pytest.mark.server

POISON = ["break", "exit", "burst", "clash"]


@pytest.fixture
def engine(
    servers: Servers, migrated_probe: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    monkeypatch.setattr(transaction, "read_clock", lambda _: Clock(datetime.now(UTC)))
    monkeypatch.setattr(transaction.eventlet, "sleep", lambda _: None)
    monkeypatch.setattr(groups, "EVENT_LAG_SECONDS", 0.001)
    engine = make_engine(servers.database_url("billing"))
    yield engine
    engine.dispose()


def perform_together(world: World, said: Sequence[Said]) -> tuple[dict[int, Outcome], list[int]]:
    """What comes of it, parted where it must be; and the order in which it was done."""
    calls = {place: world.call(place, one) for place, one in enumerate(said)}
    outcomes: dict[int, Outcome] = {}
    parts = [[*calls]]
    while parts:
        done, more = world.perform({place: calls[place] for place in parts.pop(0)})
        assert not done.keys() & outcomes.keys(), "done once"
        outcomes.update(sorted(done.items()))
        parts += more
    return outcomes, [*outcomes]


SAID = st.builds(
    Said,
    account=st.integers(0, 2),
    note=st.integers(0, 1),
    text=st.sampled_from(["a", "b"])
    | st.sampled_from(["refuse", "refuse", "unknown", 7])
    | st.sampled_from(["a", *POISON]),
    command=st.none() | st.integers(1, 2),
    caller=st.sampled_from(["system"] * 4 + ["limited", "reader", *PEOPLE]),
    if_match=st.none() | st.integers(1, 2),
    is_late=st.sampled_from([False, False, False, True]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(SAID, min_size=1, max_size=8))
def test_a_group_is_as_if_its_commands_were_performed_one_by_one(
    engine: Engine, said: list[Said]
) -> None:
    many, one_by_one = World(engine), World(engine)
    for world in (many, one_by_one):
        world.people()
        for place, one in enumerate(said):
            world.call(place, one)  # names everything in one order
    outcomes, order = perform_together(many, said)
    assert sorted(outcomes) == [*range(len(said))]
    for place in order:
        alone, parts = one_by_one.perform({place: one_by_one.call(place, said[place])})
        assert many.told(outcomes[place]) == one_by_one.told(alone[place])
        assert parts == []
    assert many.left() == one_by_one.left()


def test_what_one_of_a_group_names_and_is_not_there_is_named_by_its_field(engine: Engine) -> None:
    world = World(engine)
    world.people()
    said = [Said(account=0), Said(account=1)]  # the same note, which is the first account's by then
    calls = {place: world.call(place, one) for place, one in enumerate(said)}
    outcomes, _ = world.perform(calls)
    assert isinstance(outcomes[0], Answer)
    assert isinstance(outcomes[1], NotFound)
    assert [one["field"] for one in outcomes[1].errors] == ["note_id"]


def mixed(count: int) -> list[Said]:
    """So many commands, of all kinds that share a transaction."""
    return [
        Said(
            note=number,
            account=number % 2,
            text="refuse" if number % 5 == 0 else "a",
            caller=["system", "limited", *PEOPLE][number % 4],
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("is_again", [False, True])
def test_the_number_of_statements_does_not_grow_with_the_group(
    engine: Engine, is_again: bool
) -> None:
    statements: dict[int, list[str]] = {}
    for count in (8, 64):
        world = World(engine)
        world.people()
        calls = {place: world.call(place, one) for place, one in enumerate(mixed(count))}
        if is_again:
            world.perform(calls)
        sent = statements[count] = []
        listener = lambda *sql: sent.append(sql[2])  # noqa: B023, E731
        event.listen(engine, "before_cursor_execute", listener)
        outcomes, parts = world.perform(calls)
        event.remove(engine, "before_cursor_execute", listener)
        assert len(outcomes) == count
        assert parts == []
    assert len(statements[64]) == len(statements[8]) <= 10


def test_two_of_one_id_in_a_group_are_done_once_and_both_answered(engine: Engine) -> None:
    world = World(engine)
    said = [Said(command=1), Said(note=1), Said(command=1), Said(command=1, text="b")]
    outcomes, parts = world.perform(
        {place: world.call(place, one) for place, one in enumerate(said)}
    )
    assert parts == []
    first, _, repeat, other = (outcomes[place] for place in range(4))
    assert isinstance(first, Answer) and not first.is_replay
    assert repeat == Answer(first.body, is_replay=True)
    assert isinstance(other, Refusal) and other.code == "idempotency_key_reused"
    assert sum("note_edited" in row for row in world.left()) == 2


def test_one_that_fails_among_many_is_found_in_few_transactions(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(engine)
    said = [Said(note=number, text="break" if number == 40 else "a") for number in range(64)]
    begun: list[object] = []

    def run(*given: Any, **named: Any) -> Any:
        begun.append(given)
        return transaction.run(*given, **named)

    monkeypatch.setattr(groups, "run", run)
    outcomes, _ = perform_together(world, said)
    assert {place for place, one in outcomes.items() if not isinstance(one, Answer)} == {40}
    assert isinstance(outcomes[40], RuntimeError)
    assert len(begun) == 1 + 2 * 6


def test_what_is_on_its_way_is_waited_for_by_itself(engine: Engine) -> None:
    world = World(engine)
    world.people()
    said = [Said(), Said(account=2, note=1, caller="manager"), Said(note=2, text="unknown")]
    calls = {place: world.call(place, one) for place, one in enumerate(said)}
    outcomes, parts = world.perform(calls)
    assert list(outcomes) == [0]
    assert parts == [[1], [2]]
    for place, code in ((1, "account_not_found"), (2, "unheard_of")):
        alone = world.perform({place: calls[place]}).outcomes[place]
        assert isinstance(alone, Refusal)
        assert alone.code == code


def test_what_is_on_its_way_is_found_where_it_comes_in_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(engine)
    monkeypatch.setattr(groups, "EVENT_LAG_SECONDS", 60)
    monkeypatch.setattr(transaction.eventlet, "sleep", lambda _: world.people())
    outcomes, _ = world.perform({0: world.call(0, Said(caller="manager"))})
    assert isinstance(outcomes[0], Answer)


@pytest.mark.parametrize("count", [1, 3])
def test_a_connection_that_is_cut_in_the_middle_costs_another_try(
    engine: Engine, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBE_FAILS", str(tmp_path / "cut"))
    (tmp_path / "cut").touch()
    world = World(engine)
    calls = {place: world.call(place, Said(note=place, text="cut")) for place in range(count)}
    outcomes, parts = world.perform(calls)
    assert not (tmp_path / "cut").exists()
    assert [type(one) for one in outcomes.values()] == [Answer] * count
    assert parts == []
    assert sum("note_edited" in row for row in world.left()) == count


def test_a_database_that_is_away_is_told_to_all_at_once(engine: Engine) -> None:
    world = World(make_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"))
    outcomes, parts = world.perform({place: world.call(place, Said()) for place in range(5)})
    assert parts == []
    assert {one.code for one in outcomes.values() if isinstance(one, Refusal)} == {
        "database_unavailable"
    }
    assert len(outcomes) == 5


def test_each_is_held_to_the_version_that_it_names(engine: Engine) -> None:
    world = World(engine)
    world.perform({0: world.call(0, Said())})
    said = [Said(), Said(if_match=1), Said(if_match=2), Said(), Said(if_match=2)]
    calls = {place: world.call(place, one) for place, one in enumerate(said)}
    outcomes, _ = world.perform({place: calls[place] for place in (1, 2, 3, 4)})
    codes = [getattr(outcomes[place], "code", "done") for place in (1, 2, 3, 4)]
    assert codes == ["done", "done", "done", "version_mismatch"]


def test_nothing_is_seen_through_the_eyes_of_another(engine: Engine) -> None:
    world = World(engine)
    world.people()
    said = [Said(account=account, note=account, caller=who) for who in PEOPLE for account in (0, 1)]
    said += [Said(account=1, note=0, caller="other"), Said(account=1, note=1, caller="limited")]
    outcomes, _ = perform_together(world, said)
    seen = [isinstance(one, Answer) for _, one in sorted(outcomes.items())]
    assert seen == [True, False, False, True, False, True]


@pytest.mark.parametrize(
    ("seconds", "parts"),
    [
        ([60, 60, 60], [[0], [1], [2]]),
        ([60, 20, 60], [[1], [0, 2]]),
        ([20, 20, 20], [[0], [1], [2]]),
    ],
)
def test_those_who_took_too_long_together_are_parted_from_whose_time_is_up_or_all(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, seconds: list[float], parts: list[list[int]]
) -> None:
    world = World(engine)
    now = time.time()
    calls = {
        place: replace(world.call(place, Said()), deadline=now + left)
        for place, left in enumerate(seconds)
    }

    def run(*_: Any, **__: Any) -> None:
        monkeypatch.setattr(groups.time, "time", lambda: now + 40)
        raise Overrun

    monkeypatch.setattr(groups, "run", run)
    assert world.perform(calls) == Performed({}, parts)


def test_each_has_a_span_of_its_own(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[tuple[str, str | None]] = []

    def span(name: str, parent: str | None) -> AbstractContextManager[None]:
        spans.append((name, parent))
        return nullcontext()

    monkeypatch.setattr(groups.tracing, "span", span)
    world = World(engine)
    world.perform({place: world.call(place, Said(note=place)) for place in range(3)})
    assert spans == [("write_note", f"trace {place}") for place in range(3)]


def test_who_takes_many_has_the_account_of_each_checked() -> None:
    class Anything(Schema):
        """Of whatever account."""

        account_id = Id("acc", load_default=None)

    class Named(Schema):
        """Of an account."""

        account_id = Id("acc", required=True)

    route = "POST /v1/things"
    for accepts, more in (
        (Anything, {"reach": Reach.ACCOUNT}),
        (Named, {"reach": Reach.BOOK}),
        (Named, {"is_costly": True}),
    ):
        with pytest.raises(AssertionError, match="who takes many takes an `account_id` with each"):
            command(route, accepts, scope="x:y", takes_many=True, **more)
    command(route, Named, scope="x:y", takes_many=True)
    command(route, Anything, scope="x:y", takes_many=True)


def test_who_takes_many_may_say_whose_the_thing_is_that_is_named() -> None:
    class Thing(Schema):
        """A thing of an account."""

        note_id = Id("note", required=True)

    whose = select(Note.note_id, Note.account_id)
    more = {"scope": "x:y", "takes_many": True, "whose": whose}
    command("POST /v1/notes/{note_id}/read", Thing, reach=Reach.ACCOUNT, **more)
    with pytest.raises(AssertionError, match="says `whose`"):
        command("POST /v1/notes/{note_id}/read", Thing, reach=Reach.BOOK, **more)


def test_a_thing_of_an_account_that_the_caller_does_not_see_is_not_there(engine: Engine) -> None:
    world = World(engine)
    world.people()
    said = {place: Said(note=place, account=place) for place in range(3)}
    world.perform({place: world.call(place, one) for place, one in said.items()})
    callers = ["system", "limited", *PEOPLE]
    named = [(who, place) for who in callers for place in (0, 1, 2, 7)]
    with Session(engine) as session:
        refusals = find_hidden_things(
            session,
            [(world.caller(who), world.id_of("note", place)) for who, place in named],
            select(Note.note_id, Note.account_id),
        )
    hidden = {one for one, refusal in zip(named, refusals, strict=True) if refusal is not None}
    seen_by = {"limited": {1}, "manager": {0}, "other": {1}}
    assert hidden == {(who, place) for who, seen in seen_by.items() for place in {0, 1, 2} - seen}
    [code] = {refusal.code for refusal in refusals if refusal is not None}
    assert code == "note_not_found"
