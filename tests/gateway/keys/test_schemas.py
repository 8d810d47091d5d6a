"""What the gateway's own commands take."""

from __future__ import annotations

import pytest

from gateway.keys.schemas import CreateKey, load
from gateway.problems import Problem


def test_a_field_too_many_too_few_or_empty_is_said_with_what_to_do() -> None:
    with pytest.raises(Problem) as refused:
        load(CreateKey(), {"name": None, "is_root": True})
    assert {one["pointer"]: one["detail"] for one in refused.value.errors} == {
        "/name": "Must not be null.",
        "/scopes": "Must be given.",
        "/is_root": "Is not known here: leave it out.",
    }
