"""Daily jobs that failed while the clock was moved: which, why, and what the move is answered with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from gateway.problems import RETRY_SECONDS, Problem, retry_after
from gateway.rpc.internal import CallFailed

GOES_BACK = "clock_goes_back"


class Failure(NamedTuple):
    """A daily job that is not done, and why."""

    service: str
    job: str
    detail: str

    def __str__(self) -> str:
        return f"{self.job} of {self.service} ({self.detail})"


class NotAllAnswered(CallFailed):
    """Some services gave no answer; `failures` are the jobs that are not done there or elsewhere."""

    def __init__(self, away: Mapping[str, CallFailed], failures: Sequence[Failure]) -> None:
        super().__init__("; ".join(str(error) for error in away.values()))
        self.failures = failures


def require_answers(told: Mapping[str, Any], due: Mapping[str, Sequence[str]]) -> None:
    """NotAllAnswered where a service failed instead of answering, Problem 409 where it is beyond the
    moment already; what else was raised is raised."""
    for one in told.values():
        if isinstance(one, BaseException) and not isinstance(one, CallFailed):
            raise one
    away = {name: one for name, one in told.items() if isinstance(one, CallFailed)}
    for one in away.values():
        if one.code == GOES_BACK:
            raise Problem(409, GOES_BACK, f"The clock only moves forward: {one}")
    if away:
        not_done = [
            Failure(name, job, str(error))
            for name, error in away.items()
            for job in due.get(name, ())
        ]
        answers = {name: one for name, one in told.items() if name not in away}
        raise NotAllAnswered(away, [*not_done, *find_failures(answers)])


def find_failures(answers: Mapping[str, Any]) -> list[Failure]:
    """The jobs that raised, by what the services answered."""
    return [
        Failure(name, one["job"], one["reason"])
        for name, answer in answers.items()
        for one in answer.get("failed", ())
    ]


def services_away(error: CallFailed) -> Problem:
    """What a move is answered with that some service did not take part in."""
    failures = error.failures if isinstance(error, NotAllAnswered) else ()
    return Problem(
        503,
        "service_unavailable",
        f"The clock stopped on the way: {error}. Ask for the same move again: it goes on there.",
        headers=retry_after(RETRY_SECONDS),
        errors=[one._asdict() for one in failures],
    )


def jobs_failed(moment: datetime, failures: Sequence[Failure]) -> Problem:
    """What a move is answered with in which jobs raised. Trying again at once is of no use: no 503."""
    return Problem(
        409,
        "daily_jobs_failed",
        f"The clock stopped at {moment.isoformat()}. Not done: {', '.join(map(str, failures))}. All "
        "else of that moment is. Mend the cause (the traceback is in the service's log), then ask for "
        "the same move again: it begins with what is not done.",
        errors=[one._asdict() for one in failures],
        facts={"moment": moment.isoformat()},
    )
