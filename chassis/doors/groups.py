"""Commands that wait together: performed in one transaction, each with an answer or a refusal of its own.

What is wrong with one of them alone is told from it alone: one refused undoes no other. Where all of them
fail together nothing was done, and they are parted, down to the one that fails by itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, NamedTuple

from greenlet import GreenletExit
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from chassis.bulk import Asked
from chassis.contract import Endpoint
from chassis.doors.naming import name_field
from chassis.doors.outages import is_database_away
from chassis.doors.perform import claim_of, dump, read_asked
from chassis.doors.rows import find_hidden, find_hidden_things
from chassis.doors.transaction import EVENT_LAG_SECONDS, Context, run
from chassis.ground import metrics, tracing
from chassis.ground.logs import tell_seldom
from chassis.store import answers
from chassis.store.answers import Claim
from chassis.store.clock import Clock
from chassis.wire.calls import Call
from chassis.wire.listener import Overrun, limit
from kernel.callers import Caller
from kernel.refusals import NotFound, NotKnownYet, Refusal


class Answer(NamedTuple):
    """What a request is answered with, in JSON, and whether that was stored before."""

    body: bytes
    is_replay: bool


Outcome = Answer | BaseException


class Performed(NamedTuple):
    """What came of commands, by their places; and the parts of them that are to be performed again, each
    part by itself."""

    outcomes: dict[int, Outcome]
    parts: list[list[int]]


class _Command(NamedTuple):
    place: int
    asked: Asked
    claim: Claim
    deadline: float


def perform_group(engine: Engine, service: Any, name: str, calls: Mapping[int, Call]) -> Performed:
    """Perform commands of one method, by their places, in one transaction and in their order."""
    endpoint: Endpoint = service.contracts[name]
    commands: list[_Command] = []
    refused: dict[int, Outcome] = {}
    for place, call in calls.items():
        try:
            asked, claim = read_asked(endpoint, call), claim_of(name, call)
            commands.append(_Command(place, asked, claim, call.deadline))
        except Refusal as refusal:
            refused[place] = refusal
    if not commands:
        return Performed(refused, [])
    outcomes, parts = _attempt(engine, service, name, commands)
    for place, outcome in outcomes.items():
        if isinstance(outcome, NotFound):
            name_field(outcome, calls[place].kwargs)
    return Performed({**refused, **outcomes}, parts)


def _attempt(engine: Engine, service: Any, name: str, commands: Sequence[_Command]) -> Performed:
    metrics.TOGETHER.labels(name).observe(len(commands))
    try:
        outcomes = _run(engine, service, name, commands)
    except GreenletExit:
        raise
    except BaseException as problem:  # SystemExit or a stray Timeout must not wedge the messages
        return _part(name, commands, problem)
    again = [one.place for one in commands if one.place not in outcomes]
    return Performed(outcomes, [[place] for place in again])


def _run(
    engine: Engine, service: Any, name: str, commands: Sequence[_Command]
) -> dict[int, Outcome]:
    causes = {one.asked.cause for one in commands}
    request_id, trace = causes.pop() if len(causes) == 1 else ("", None)
    # Among others nothing is waited for that is on its way: it is tried by itself, and waits there.
    patience = EVENT_LAG_SECONDS if len(commands) == 1 else 0.0
    longest = service.contracts[name].seconds_max
    with ExitStack() as limits:
        for one in commands:
            limits.enter_context(tracing.span(name, one.asked.trace))
        limits.enter_context(limit(longest, *(one.deadline for one in commands)))
        outcomes: dict[int, Outcome] = run(
            engine,
            partial(_perform, service=service, name=name, commands=commands),
            Context(request_id=request_id, trace=trace),
            patience_seconds=patience,
        )
    return outcomes


def _part(name: str, commands: Sequence[_Command], problem: BaseException) -> Performed:
    """What becomes of those that failed together."""
    places = [one.place for one in commands]
    if len(places) == 1 or is_database_away(problem):
        return Performed(dict.fromkeys(places, problem), [])
    tell_seldom("group_parted", of=name, error=repr(problem)[:300])
    if isinstance(problem, Overrun):
        return Performed({}, _part_by_time(commands))
    middle = len(places) // 2
    return Performed({}, [places[:middle], places[middle:]])


def _part_by_time(commands: Sequence[_Command]) -> list[list[int]]:
    """Those whose time is up, and all others; each by itself where it was too slow for them all."""
    now = time.time()
    late = [one.place for one in commands if one.deadline <= now]
    in_time = [one.place for one in commands if one.deadline > now]
    return [late, in_time] if late and in_time else [[place] for place in late + in_time]


def _perform(
    session: Session, clock: Clock, *, service: Any, name: str, commands: Sequence[_Command]
) -> dict[int, Outcome]:
    """What comes of each by its place, but for those that are to be tried by themselves."""
    service.clock, service.caller = clock, None  # each has a caller of its own
    outcomes = _hide(session, service.contracts[name].whose, commands)
    seen = [one for one in commands if one.place not in outcomes]
    first_of: dict[tuple[str, str], _Command] = {}
    firsts = [first_of.setdefault(one.claim[:2], one) for one in seen]
    outcomes |= _perform_once(session, service, name, [*first_of.values()])
    for one, first in zip(seen, firsts, strict=True):
        answer = outcomes.get(first.place)
        if one is not first and isinstance(answer, Answer):
            outcomes[one.place] = _replay(one.claim.answer_with(first.claim, answer.body))
    return _alone(outcomes) if len(commands) == 1 else _settled(outcomes)


def _hide(session: Session, whose: Any, commands: Sequence[_Command]) -> dict[int, Outcome]:
    if whose is None:
        refusals = find_hidden(session, _named(commands, "account_id"))
    else:
        refusals = find_hidden_things(
            session, _named(commands, whose.selected_columns[0].name), whose
        )
    hidden = zip(commands, refusals, strict=True)
    return {one.place: refusal for one, refusal in hidden if refusal is not None}


def _named(commands: Sequence[_Command], name: str) -> list[tuple[Caller, Any]]:
    return [(one.asked.caller, one.asked.values.get(name)) for one in commands]


def _perform_once(
    session: Session, service: Any, name: str, commands: Sequence[_Command]
) -> dict[int, Outcome]:
    """Perform those that were not performed before; no two of them have one id."""
    stored = answers.claim(session, [one.claim for one in commands]) if commands else {}
    new = [one for one in commands if one.claim not in stored]
    return {
        **{one.place: _replay(stored[one.claim]) for one in commands if one.claim in stored},
        **(_perform_new(session, service, name, new) if new else {}),
    }


def _perform_new(
    session: Session, service: Any, name: str, commands: Sequence[_Command]
) -> dict[int, Outcome]:
    endpoint = service.contracts[name]
    results = service.methods[name](service, session, [one.asked for one in commands])
    outcomes: dict[int, Outcome] = {}
    kept: dict[Claim, bytes] = {}
    for one, result in zip(commands, results, strict=True):
        if isinstance(result, Refusal):
            outcomes[one.place] = result
        else:
            kept[one.claim] = dump(endpoint, result)
            outcomes[one.place] = Answer(kept[one.claim], is_replay=False)
    if kept:
        answers.keep(session, kept)
    if len(kept) < len(commands):
        answers.give_up(session, [one.claim for one in commands if one.claim not in kept])
    return outcomes


def _replay(stored: bytes | Refusal) -> Outcome:
    return stored if isinstance(stored, Refusal) else Answer(stored, is_replay=True)


def _alone(outcomes: dict[int, Outcome]) -> dict[int, Outcome]:
    """What is refused alone leaves nothing; what is on its way is waited for."""
    for outcome in outcomes.values():
        if isinstance(outcome, Refusal):
            raise outcome
    return outcomes


def _settled(outcomes: dict[int, Outcome]) -> dict[int, Outcome]:
    return {
        place: outcome
        for place, outcome in outcomes.items()
        if not isinstance(outcome, NotKnownYet)
    }
