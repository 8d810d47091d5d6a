"""Of the mutants that live, those that matter are told: what changes a sentence is none."""

from __future__ import annotations

import ast

import pytest

from dev.mutants import changed_lines

RULE = 'def {name}(a, b):\n    if a {sign} b:\n        raise Invalid("{code}", f"{{a}} {words} {{b}}.")\n'
SAME = {"sign": ">", "code": "too_much", "words": "is more than"}


def told(**change: str) -> list[str]:
    original = RULE.format(name="x_keep__mutmut_orig", **SAME)
    mutant = RULE.format(name="x_keep__mutmut_7", **{**SAME, **change})
    return changed_lines(ast.parse(original + mutant), "x_keep__mutmut_7")


@pytest.mark.parametrize("change", [{"sign": ">="}, {"code": "XXtoo_muchXX"}])
def test_another_decision_or_another_code_is_told_with_its_lines(change: dict[str, str]) -> None:
    before, after = told(**change)
    assert next(iter(SAME[name] for name in change)) in before
    assert next(iter(change.values())) in after


def test_another_sentence_is_not() -> None:
    assert told(words="IS MORE THAN") == []
