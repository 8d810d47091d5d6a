"""The walls stand: every rule of dev/walls, on every service that is there and on the whole tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dev.walls.rules import OF_SERVICES, OF_THE_TREE
from dev.walls.tree import Tree
from ops.instances import SERVICES

TREE = Tree(Path(__file__).parents[2])


def name_of(rule: Any) -> str:
    return rule.__name__


@pytest.mark.parametrize("service", TREE.services())
@pytest.mark.parametrize("rule", OF_SERVICES, ids=name_of)
def test_every_service_keeps_to(rule: Any, service: str) -> None:
    assert "\n".join(map(str, rule(TREE, service))) == ""


@pytest.mark.parametrize("rule", OF_THE_TREE, ids=name_of)
def test_the_whole_tree_keeps_to(rule: Any) -> None:
    assert "\n".join(map(str, rule(TREE))) == ""


def test_the_services_that_are_run_are_those_that_are_there() -> None:
    assert list(SERVICES) == TREE.services()
