"""Words in many languages, written as a table that its translators can read. Pure."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

Words = TypeVar("Words")


def read_words(table: str, kind: type[Words]) -> dict[str, Words]:
    """The words by language tag. A line is `tag: word | word | …`, in the order of the fields of `kind`,
    a dataclass; what begins with four spaces goes on with the line before."""
    joined = table.strip().replace("\n    ", " ")
    lines = dict(line.split(": ", 1) for line in joined.splitlines())
    found = {tag: [word.strip() for word in line.split("|")] for tag, line in lines.items()}
    named: Any = kind
    assert all(len(words) == len(fields(named)) for words in found.values())
    return {tag: kind(*words) for tag, words in found.items()}
