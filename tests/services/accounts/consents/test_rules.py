"""What a client said last of a channel holds, in whatever order we were told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.accounts.accounts.rules import Channel
from services.accounts.consents.rules import current, require_said

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    since = NOW - timedelta(hours=draw(st.integers(0, 5)))
    return {
        "channel": draw(st.sampled_from(Channel)),
        "is_given": draw(st.booleans()),
        "since": since,
    }


@given(st.lists(said(), max_size=12))
def test_the_last_word_on_each_channel_holds(story: list[dict[str, Any]]) -> None:
    known: Any = []
    for one in story:
        known = current(known, one)
    for channel in Channel:
        of_channel = [one for one in story if one["channel"] == channel]
        last = max(
            enumerate(of_channel), key=lambda each: (each[1]["since"], each[0]), default=None
        )
        assert [one for one in known if one["channel"] == channel] == ([last[1]] if last else [])
    assert [one["channel"] for one in known] == sorted(one["channel"] for one in known)


def test_nothing_is_said_in_the_future() -> None:
    require_said(since=NOW, now=NOW)
    with pytest.raises(Invalid) as refused:
        require_said(since=NOW + timedelta(seconds=1), now=NOW)
    assert refused.value.errors[0]["field"] == "since"
