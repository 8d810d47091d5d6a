"""Who must know an account, and what is said where they do not."""

from __future__ import annotations

from collections.abc import Collection, Sequence

MUST_KNOW = ("billing", "sales")  # else nothing is billed, and nothing ordered


def missing(known_by: Collection[str]) -> Sequence[str]:
    """Those that must know an account and have not said so."""
    return [service for service in MUST_KNOW if service not in known_by]


def why_unknown(services: Sequence[str], *, number: str, opened_on: object) -> str:
    """What is the matter, in a sentence."""
    verb = "has" if len(services) == 1 else "have"
    return (
        f"{' and '.join(services).capitalize()} {verb} not said within an hour that account {number}, "
        f"opened on {opened_on}, is known there: ask those who operate the system."
    )
