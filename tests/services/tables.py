"""Tables of states, held against what is claimed of them, for the tests of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any

import pytest

from kernel.refusals import Conflict


def claim_moves(
    next_status: Callable[[Any, Any], Any],
    pairs: tuple[Iterable[Any], Iterable[Any]],
    leads_to: Mapping[tuple[Any, Any], Any],
    code: str = "wrong_status",
) -> None:
    """Of all statuses and actions those that are claimed lead where is claimed; others are refused."""
    for pair in product(*pairs):
        if pair in leads_to:
            assert next_status(*pair) == leads_to[pair], pair
            continue
        with pytest.raises(Conflict) as refused:
            next_status(*pair)
        assert refused.value.code == code, pair
