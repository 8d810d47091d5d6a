"""Claims about procedures, their versions and who has which, against a database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import NotFound
from services.collections.procedures import queries, usecases

pytestmark = pytest.mark.server

_BY = {"now": datetime(2026, 1, 1, tzinfo=UTC), "by": "key_of_ann"}
_LETTER = {"subject": "{total}", "opening": "Dear {name}", "closing": "Pay {total}"}


def _policy(*delays: int) -> dict[str, Any]:
    levels = [
        {
            "name": f"After {delay}",
            "delay_days": delay,
            "channel": "preferred",
            "holds_orders": False,
            "letters": {"en": _LETTER},
        }
        for delay in delays
    ]
    return {"name": "Ours", "levels": levels, "hand_over_days": None, "is_automatic": False}


def _of(session: Session, account_id: str) -> str:
    procedure_id: str = queries.get_account_procedure(session, account_id=account_id)[
        "procedure_id"
    ]
    return procedure_id


def test_the_first_default_reminds_at_5_20_and_40_days_and_hands_over_at_60(
    session: Session,
) -> None:
    default = queries.get_account_procedure(session, account_id=new_id("acc"))

    assert [level["delay_days"] for level in default["levels"]] == [-3, 5, 20, 40]
    assert [level["holds_orders"] for level in default["levels"]] == [False, False, False, True]
    assert all(level["letters"].keys() == {"en", "de"} for level in default["levels"])
    assert default["hand_over_days"] == 60
    assert default["is_automatic"]


def test_a_change_makes_a_new_version_and_keeps_the_old_one(session: Session) -> None:
    first = usecases.make_procedure(session, **_policy(5), **_BY)
    procedure_id = first["procedure_id"]
    second = usecases.change_procedure(session, procedure_id=procedure_id, **_policy(7, 14), **_BY)

    assert (first["number"], second["number"]) == (1, 2)
    assert second["version"] > first["version"]
    old = queries.get_procedure_version(session, procedure_id=procedure_id, number=1)
    assert [level["delay_days"] for level in old["levels"]] == [5]
    assert queries.get_procedure(session, procedure_id=procedure_id)["levels"] == second["levels"]


def test_an_account_has_its_own_procedure_until_it_gets_the_default_back(session: Session) -> None:
    account_id = new_id("acc")
    default = _of(session, account_id)
    own = usecases.make_procedure(session, **_policy(), **_BY)["procedure_id"]

    usecases.assign_procedure(session, account_id=account_id, procedure_id=own, **_BY)
    assert _of(session, account_id) == own
    assert _of(session, new_id("acc")) == default
    usecases.assign_procedure(session, account_id=account_id, procedure_id=None, **_BY)
    assert _of(session, account_id) == default


def test_there_is_one_default_procedure(session: Session) -> None:
    ours = usecases.make_procedure(session, **_policy(5), **_BY)["procedure_id"]
    before = _of(session, new_id("acc"))

    assert usecases.make_default(session, procedure_id=ours)["is_default"]
    assert _of(session, new_id("acc")) == ours
    assert not queries.get_procedure(session, procedure_id=before)["is_default"]


def test_a_procedure_that_does_not_exist_cannot_be_assigned(session: Session) -> None:
    with pytest.raises(NotFound):
        usecases.assign_procedure(
            session, account_id=new_id("acc"), procedure_id=new_id("dpr"), **_BY
        )
