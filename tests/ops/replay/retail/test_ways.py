"""Tests of refusing to bill a shop's file in both ways in one system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ops.replay.retail.records import survey
from ops.replay.retail.ways import require_not_by_month, require_not_by_shipment
from ops.replay.rows import UnusableFile
from tests.ops.replay.retail.made_up import line, write

OURS = {"acc_1"}


class System:
    """A system that has things, and pages of nothing else."""

    def __init__(self, **things: Mapping[str, Any]) -> None:
        self.things = things

    def list(self, path: str, **_: Any) -> Iterator[Mapping[str, Any]]:
        one = self.things.get(path.removeprefix("/v1/").replace("-", "_"))
        yield from [one] if one else []


@pytest.mark.parametrize(
    ("of", "is_ours"), [({}, True), ({"account_id": "acc_2"}, False), ({"number": "9"}, False)]
)
def test_by_month_is_refused_what_is_billed_by_shipment(
    tmp_path: Path, of: Mapping[str, str], is_ours: bool
) -> None:
    path = write(tmp_path / "some.csv", [line("1")])
    found = survey(path, currency="GBP", leave=lambda _: None)
    bill = {"account_id": "acc_1", "number": "1", "total": 1, "voided_on": None}
    system: Any = System(invoices=bill | of)
    require_not_by_month(system, path, found, OURS)
    if not is_ours:
        require_not_by_shipment(system, path, found, OURS)
        return
    with pytest.raises(UnusableFile, match=r"Go on by shipment, or play it by month into another"):
        require_not_by_shipment(system, path, found, OURS)
