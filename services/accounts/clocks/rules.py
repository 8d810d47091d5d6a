"""How long a case may wait: targets, and what its clocks show, from when it ran and when it waited."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a client brings up."""

    COMPLAINT = "complaint"
    PRAISE = "praise"
    REQUEST = "request"
    TECHNICAL = "technical"


class Priority(StrEnum):
    """How pressing it is, least first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Clock(StrEnum):
    """What a client waits for."""

    FIRST_RESPONSE = "first_response"
    UPDATE = "update"
    SOLUTION = "solution"
