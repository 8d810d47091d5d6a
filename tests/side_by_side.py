"""How tests are shared out among processes that run side by side: file by file, what takes long first."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

ROOT = Path(__file__).parents[1]
LONG = ("scenarios", "ops", "dev", "contracts", "gateway", "chassis")
"""Folders of tests that start processes and wait for them."""
SHARING = (
    "tests/scenarios",  # a firm on a running system
    "tests/contracts",  # the whole document
    "tests/gateway/persons",  # a running gateway that believes an issuer
    "tests/gateway",  # a running gateway
)
"""Folders whose files share what takes long to make."""
HAS_ITS_OWN = re.compile(r"(System|running_firm)\(")


class Sharing(LoadFileScheduling):
    """The files that share something are one piece of work, so that it is made once."""

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(super()._split_scope(nodeid))


@cache
def piece_of(file: str) -> str:
    """The piece of work that a file of tests is, or is a part of."""
    folders = [folder for folder in SHARING if file.startswith(f"{folder}/")]
    if folders and not HAS_ITS_OWN.search((ROOT / file).read_text()):
        return folders[0]
    return file


def put_long_first(items: list[pytest.Item]) -> None:
    """Bring tests into the order in which they are handed out: none that takes long is left for last."""
    items.sort(key=lambda item: _rank(item.nodeid.split("::")[0]))


@cache
def _rank(file: str) -> int:
    folder = Path(file).parts[1]
    return LONG.index(folder) if folder in LONG else len(LONG)
