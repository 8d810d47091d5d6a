"""A made-up file of complaints."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

_USUAL = {
    "Date received": "2023-07-17",
    "Product": "Checking or savings account",
    "Sub-product": "Checking account",
    "Issue": "Fees or interest",
    "Sub-issue": "Charged too much",
    "Consumer complaint narrative": "",
    "Company public response": "",
    "Company": "Acme",
    "Date sent to company": "2023-07-17",
    "Company response to consumer": "Closed with explanation",
    "Timely response?": "Yes",
    "Consumer disputed?": "N/A",
}


def describe(number: int, **facts: str) -> dict[str, str]:
    """A row, by column."""
    return {**_USUAL, "Complaint ID": str(number), **facts}


def write(path: Path, rows: Iterable[dict[str, str] | str]) -> Path:
    """Write a file; rows that are texts stand in it as they are."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(describe(0)), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            if isinstance(row, str):
                file.write(row)
            else:
                writer.writerow(row)
    return path
