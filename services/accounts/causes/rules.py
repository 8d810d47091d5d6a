"""What a cause of cases may be."""

from __future__ import annotations

from enum import StrEnum


class Party(StrEnum):
    """Who brought it about."""

    US = "us"
    CLIENT = "client"
    CARRIER = "carrier"
    SUPPLIER = "supplier"
    NOBODY = "nobody"
