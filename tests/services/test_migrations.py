"""Each service's migrations make what its models say, whichever services there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from chassis.store.migrate import differences
from ops.instances import SERVICES

pytestmark = pytest.mark.server


@pytest.mark.parametrize("service", SERVICES)
def test_models_and_migrations_agree(service: str, engine_of: Callable[[str], Engine]) -> None:
    url = engine_of(service).url.render_as_string(hide_password=False)
    assert differences(f"services.{service}", url) == [], (
        f"write the next revision: python -m chassis revision services.{service} -m '...'"
    )
