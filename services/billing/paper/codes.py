"""Codes that a bank's app reads: the one place that knows how a QR code is made."""

from __future__ import annotations

import zlib
from functools import lru_cache

import segno

from stationery.paper.pictures import Picture

_POINTS = 8  # a module of the code, each way, so that no reader of the PDF blurs it
_QUIET = 2  # modules around it; the white paper does the rest


@lru_cache(maxsize=16)
def draw_code(payload: str) -> Picture:
    """A QR code of what EPC069-12 says: correction level M, bytes in UTF-8."""
    code = segno.make(
        payload, error="m", mode="byte", encoding="utf-8", micro=False, boost_error=False
    )
    rows = [bytes(row) for row in code.matrix_iter(scale=_POINTS, border=_QUIET)]
    black, white = b"\x00\x00\x00", b"\xff\xff\xff"
    points = b"".join(black if module else white for row in rows for module in row)
    return Picture(len(rows[0]), len(rows), zlib.compress(points))
