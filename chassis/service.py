"""`@service("billing")`: makes a nameko service of a class that only names its ways in."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from nameko.extensions import Entrypoint

from chassis.contract import Consumer, Daily, Due, Endpoint, Internal, Introduction, Measure
from chassis.doors.acceptance import inbox_names
from chassis.doors.births import Births
from chassis.doors.clockwork import Clockwork
from chassis.doors.due_times import due_handlers, perform_due_times
from chassis.doors.events import EventEntrypoint, handle_messages
from chassis.doors.files import files_of
from chassis.doors.held import holding_of
from chassis.doors.parking import parking_of
from chassis.doors.perform import perform_daily
from chassis.doors.requests import RpcEntrypoint, answer_group, answer_request, takes_many
from chassis.doors.sight import sight_of
from chassis.doors.wanted import wanted_of
from chassis.files import FileKind
from chassis.process.clashes import (
    require_few_lanes,
    require_one_handler_each,
    require_own_names,
    require_own_routes,
)
from chassis.process.runtime import Runtime
from kernel.callers import ITSELF

Contract = Endpoint | Internal | Consumer | Introduction | Daily | Due
Service = TypeVar("Service", bound=type)


class DailyEntrypoint(Entrypoint):
    """A daily job as nameko sees it; the runtime's scheduler or the manual clock starts it."""


class DueEntrypoint(Entrypoint):
    """A handler of due times as nameko sees it; the runtime or the manual clock starts it."""


def service(
    name: str,
    *,
    settings: Sequence[Callable[[], object]] = (),
    files: Sequence[FileKind] = (),
    measures: Sequence[Measure] = (),
) -> Callable[[Service], Service]:
    """Turn a class of ways in into the service `name`. `settings` read what it needs of its environment
    besides what all need: one that raises ValueError keeps the process from starting. With kinds of
    `files` it has the ways in by which those come and go. `measures` are told at `/metrics`.

    Every method with a contract becomes a nameko entrypoint; every other public method is refused, so
    that nothing can open a way in that is not safe to repeat. Refused, too, are two subjects that define
    one name, one route or a handler of one due time: one of the two would be lost. The chassis' own ways
    in (parked messages, who sees which accounts, contract, manual clock) come with it."""

    def turn(cls: Service) -> Service:
        of_files: list[type] = [files_of(name, files)] if files else []
        own = (
            *(parking_of(name), holding_of(name), sight_of(name), wanted_of(name)),
            *(Clockwork, Births),
        )
        ways: tuple[type, ...] = (cls, *of_files, *own)
        whole: Any = type(cls.__name__, ways, dict(_own(cls)))
        require_own_names(whole)
        whole.name, whole.version = name, _version(cls)
        whole.clock, whole.caller, whole.event, whole.events = None, ITSELF, None, ()
        whole.runtime = Runtime(name)
        whole.contracts, whole.methods = {}, {}
        whole.settings, whole.measures = tuple(settings), tuple(measures)
        for method_name, method in inspect.getmembers(whole, inspect.isfunction):
            if method_name.startswith("_"):
                continue
            contract = getattr(method, "contract", None)
            assert contract is not None, f"{cls.__name__}.{method_name} has no chassis decorator"
            whole.contracts[method_name] = contract
            whole.methods[method_name] = method
            if not isinstance(contract, Introduction):
                setattr(whole, method_name, _entrance(method_name, contract, method.__doc__))
        require_own_routes(whole.contracts)
        require_few_lanes(whole.contracts)
        require_one_handler_each(name, whole.contracts, whole.methods)
        whole.inbox_names = inbox_names(name, whole.contracts, whole.methods)
        whole.due_handlers = due_handlers(whole.contracts)
        return whole

    return turn


def load(package: str) -> Any:
    """The service class of a package such as services.billing."""
    module = importlib.import_module(f"{package}.service")
    found = [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if hasattr(member, "contracts") and member.__module__ == module.__name__
    ]
    assert len(found) == 1, f"{package}.service has one class with @service"
    return found[0]


def _version(cls: type) -> str:
    """What stands in version.txt beside the service; a service without one was never released."""
    file = Path(inspect.getfile(cls)).parent / "version.txt"
    return file.read_text().strip() if file.exists() else "unreleased"


def _own(cls: type) -> dict[str, Any]:
    return {"__doc__": cls.__doc__, "__module__": cls.__module__}


def _entrance(
    name: str, contract: Endpoint | Internal | Consumer | Daily, doc: str | None
) -> Callable[..., Any]:
    entrypoint: Entrypoint
    if isinstance(contract, Endpoint | Internal):
        entrypoint = RpcEntrypoint()
        answer: Callable[..., Any] = answer_group if takes_many(contract) else answer_request

        def enter(self: Any, *requests: Any) -> Any:
            return answer(self, name, *requests)

    elif isinstance(contract, Consumer):
        entrypoint = EventEntrypoint()

        def enter(self: Any, queue: str, listener: Any, messages: Any) -> Any:  # type: ignore[misc]
            return handle_messages(self, queue, listener, messages)

    elif isinstance(contract, Due):
        entrypoint = DueEntrypoint()

        def enter(self: Any) -> int | None:  # type: ignore[misc]
            return perform_due_times(self.runtime.engine, self)

    else:
        entrypoint = DailyEntrypoint()

        def enter(self: Any, day: date) -> list[date]:  # type: ignore[misc]
            return perform_daily(self.runtime.engine, self, name, day)

    enter.__name__, enter.__doc__ = name, doc
    enter.nameko_entrypoints = {entrypoint}  # type: ignore[attr-defined]
    return enter
