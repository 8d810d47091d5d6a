"""A made-up file of a shop's order lines."""

from __future__ import annotations

import lzma
from collections.abc import Iterable
from pathlib import Path

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


def line(
    number: str = "536365",
    *,
    quantity: object = 6,
    price: object = "2.55",
    customer: str = "17850",
    day: str = "2010-12-01 08:26:00",
    country: str = "United Kingdom",
    article: str = "85123A,LIGHT HOLDER",
) -> str:
    """A row, which can be billed unless it is told otherwise."""
    return f"{number},{article},{quantity},{day},{price},{customer},{country}"


def write(path: Path, rows: Iterable[str]) -> Path:
    """Write a file, packed by xz where its name says so."""
    text = "\n".join([HEADER, *rows, ""])
    path.write_bytes(lzma.compress(text.encode()) if path.suffix == ".xz" else text.encode())
    return path
