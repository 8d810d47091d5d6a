"""Who helps is somebody else than the owner, and does not look at their own work."""

from __future__ import annotations

from datetime import date

import pytest

from kernel.refusals import Conflict, Forbidden
from services.accounts.sharing.rules import (
    look_sentence,
    require_another,
    require_not_own_work,
)


def test_an_owner_is_no_helper() -> None:
    with pytest.raises(Conflict) as refused:
        require_another(owner_id="ada", staff_id="ada", name="Ada Ross")
    assert refused.value.code == "helper_owns_account"
    require_another(owner_id="ada", staff_id="ben", name="Ben Cole")


def test_nobody_looks_at_their_own_work() -> None:
    with pytest.raises(Forbidden) as refused:
        require_not_own_work(staff_id="ben", helper_id="ben")
    assert refused.value.code == "own_work"
    for other in ("ada", None):
        require_not_own_work(staff_id=other, helper_id="ben")


@pytest.mark.parametrize(("count", "things"), [(1, "1 thing "), (2, "2 things ")])
def test_an_owner_reads_how_much_there_is_to_look_at(count: int, things: str) -> None:
    sentence = look_sentence(name="Ben Cole", count=count, since=date(2026, 3, 2))
    assert things in sentence and "Ben Cole" in sentence and "2026-03-02" in sentence
