"""How many days a return may wait at each stage; what holds until somebody says otherwise."""

from __future__ import annotations

from typing import NamedTuple

DAYS_MAX = 365


class ReturnDays(NamedTuple):
    """Days after which a request that nobody decided expires, goods that were not sent are not waited
    for, goods on their way are late, and goods in the house that nobody deals with are."""

    request_days: int
    send_days: int
    transit_days: int
    answer_days: int


DEFAULT = ReturnDays(request_days=14, send_days=30, transit_days=10, answer_days=3)
