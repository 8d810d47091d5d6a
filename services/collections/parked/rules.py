"""Deciding about many accounts, of which one that nothing can be decided about stops no other. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Protocol, TypeVar


class Job(StrEnum):
    """The daily jobs that decide about accounts."""

    RUN_DUNNING = "run_dunning"
    REVIEW_CONTACTS = "review_contacts"
    REVIEW_CREDIT_HOLDS = "review_credit_holds"
    PROPOSE_PLACEMENTS = "propose_placements"


class Owned(Protocol):
    """Something of an account's."""

    @property
    def account_id(self) -> str: ...


Thing = TypeVar("Thing", bound=Owned)
Judgement = TypeVar("Judgement")


def judge_each(
    things: Iterable[Thing], judge: Callable[[list[Thing]], Judgement]
) -> tuple[dict[str, Judgement], dict[str, Exception]]:
    """What `judge` says of each account's things, and what it failed with where it failed, by account.
    `things` are ordered by account."""
    judged: dict[str, Judgement] = {}
    errors: dict[str, Exception] = {}
    for account_id, own in groupby(things, key=attrgetter("account_id")):
        try:
            judged[account_id] = judge(list(own))
        except Exception as error:  # whatever is wrong with this one
            errors[account_id] = error
    return judged, errors
