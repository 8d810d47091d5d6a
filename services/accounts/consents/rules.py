"""What a client agrees to now, from what it has said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kernel.refusals import Invalid


def require_said(*, since: datetime, now: datetime) -> None:
    """Refuse what is to be said yet."""
    if since > now:
        raise Invalid(
            "since_in_future",
            f"It is {now.isoformat(timespec='seconds')}; say when the client said so, or leave it out "
            "for now.",
            field="since",
        )


def current(
    known: Sequence[Mapping[str, Any]], said: Mapping[str, Any]
) -> Sequence[Mapping[str, Any]]:
    """What holds of each channel, in the order of their names, once this is known too: what was said
    last, whenever we were told; of two things said at one moment, the one we were told later."""
    held = {one["channel"]: one for one in known}
    before = held.get(said["channel"])
    if before is None or before["since"] <= said["since"]:
        held[said["channel"]] = said
    return [held[channel] for channel in sorted(held)]
