"""Tests of what is told of lines that are not billed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.replay.retail.records import Left, Reason
from ops.replay.retail.refusals import write_refusals
from ops.replay.rows import UnusableFile


def test_each_line_is_written_as_it_stands_with_its_reason_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "refused.csv"
    path.write_text("what was refused before")
    with write_refusals(path) as refusals:
        refusals.leave(Left(7, Reason.PRICE_ZERO, '536,"a, b",0'))
        refusals.leave(Left(9, Reason.REFUSED, "537,c,1", "Closed."))
        refusals.leave(Left(10, Reason.REFUSED, "538,d,1", "Closed."))
    assert refusals.counts == {Reason.PRICE_ZERO: 1, Reason.REFUSED: 2}
    assert path.read_text().splitlines() == [
        "line,reason,detail,row",
        '7,UnitPrice is 0,,"536,""a, b"",0"',
        '9,refused by the system,Closed.,"537,c,1"',
        '10,refused by the system,Closed.,"538,d,1"',
    ]


def test_where_it_cannot_be_written_another_place_is_asked_for(tmp_path: Path) -> None:
    with (
        pytest.raises(UnusableFile, match="Name another for what is not taken"),
        write_refusals(tmp_path / "absent" / "refused.csv"),
    ):
        pass
