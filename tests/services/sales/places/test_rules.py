"""Which places there are."""

from __future__ import annotations

import pytest

from kernel.refusals import NotFound
from services.sales.places.rules import code_taken, require_known


def test_a_place_is_known_or_refused() -> None:
    require_known([], known={})
    require_known(["pla_1"], known={"pla_1": "HALL"})
    with pytest.raises(NotFound, match="pla_2"):
        require_known(["pla_1", "pla_2"], known={"pla_1": "HALL"})


def test_a_code_that_is_taken_is_said() -> None:
    assert code_taken("HALL").errors[0]["field"] == "code"
