"""Quantities that may be none, as events carry them."""

from __future__ import annotations

from chassis.fields import Quantity
from kernel import grammar

NONE = r"0(\.0{1,3})?"


class Level(Quantity):
    """How much there is: none, or more."""

    pattern, least = f"{NONE}|{grammar.QUANTITY}", 0
    remedy = 'Must be 0 or above, at most 1000000000: text such as "2.5", or a whole number.'


class Change(Quantity):
    """How much more or less: above, below or at none."""

    pattern, least = f"{NONE}|-?({grammar.QUANTITY})", -(10**9)
    remedy = 'Must be at most 1000000000 either way: text such as "-2.5", or a whole number.'
