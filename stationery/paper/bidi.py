"""Which way each character of a line runs: the Unicode bidirectional algorithm (UAX 9), without what
says so by hand (embeddings and overrides), which no letter needs: isolates do it better."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

LEFT_TO_RIGHT, RIGHT_TO_LEFT = 0, 1
_OPENING = {"LRI": LEFT_TO_RIGHT, "RLI": RIGHT_TO_LEFT, "FSI": None}
_REMOVED = {"BN", "LRE", "RLE", "LRO", "RLO", "PDF"}
_STRONG = {"L": "L", "R": "R", "AL": "R"}
_RIGHTWARDS_ONLY = frozenset("L EN ES ET CS NSM BN B S WS ON".split())
_NEUTRAL = {"B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"}
_BRACKETS = "()[]{}⟨⟩⟦⟧⟪⟫〈〉《》「」『』【】〔〕〖〗（）［］｛｝｢｣"
_PAIRS = dict(zip(_BRACKETS[::2], _BRACKETS[1::2], strict=True))
_BRACKETS_OPEN_MAX = 63  # BD16


def first_direction(text: str) -> int:
    """From where a text runs by itself: as its first letter does (P2, P3)."""
    if text.isascii():
        return LEFT_TO_RIGHT
    kinds = [_kind(one) for one in text]
    closing = _matches(kinds)
    return _first_strong(kinds, closing, 0, len(kinds))


def levels(text: str, direction: int) -> list[int]:
    """The level of each character; an odd one runs from right to left."""
    kinds = [_kind(one) for one in text]
    if direction == LEFT_TO_RIGHT and _RIGHTWARDS_ONLY.issuperset(kinds):
        return [LEFT_TO_RIGHT] * len(text)
    found = [direction] * len(text)
    for level, places in _sequences(kinds, direction, 0, len(kinds), _matches(kinds)):
        resolved = _resolved([kinds[at] for at in places], [text[at] for at in places], level)
        for at, kind in zip(places, resolved, strict=True):
            found[at] = level + _RAISED[level % 2][kind]
    return found


_RAISED = ({"L": 0, "R": 1, "AN": 2, "EN": 2}, {"L": 1, "R": 0, "AN": 1, "EN": 1})  # I1, I2


def _kind(character: str) -> str:
    return unicodedata.bidirectional(character) or "L"  # what Unicode gives no meaning yet


def _matches(kinds: Sequence[str]) -> dict[int, int]:
    """Where each isolate that begins ends, if it does (BD9)."""
    closing, open_ = {}, []
    for at, kind in enumerate(kinds):
        if kind in _OPENING:
            open_.append(at)
        elif kind == "PDI" and open_:
            closing[open_.pop()] = at
    return closing


def _first_strong(kinds: Sequence[str], closing: dict[int, int], begin: int, end: int) -> int:
    at = begin
    while at < end:
        if kinds[at] in _STRONG:
            return LEFT_TO_RIGHT if kinds[at] == "L" else RIGHT_TO_LEFT
        at = closing.get(at, end) if kinds[at] in _OPENING else at + 1
    return LEFT_TO_RIGHT


def _sequences(
    kinds: Sequence[str], level: int, begin: int, end: int, closing: dict[int, int]
) -> Iterator[tuple[int, list[int]]]:
    """What is resolved as one, with its level: the text, and each isolate by itself (X5a-X6a, X10)."""
    places, at = [], begin
    while at < end:
        if kinds[at] not in _REMOVED:
            places.append(at)
        if kinds[at] in _OPENING:
            inner_end = closing.get(at, end)
            wanted = _OPENING[kinds[at]]
            if wanted is None:
                wanted = _first_strong(kinds, closing, at + 1, inner_end)
            inner_level = level + 1 + (level + 1 + wanted) % 2
            yield from _sequences(kinds, inner_level, at + 1, inner_end, closing)
            at = inner_end
        else:
            at += 1
    yield level, places


def _resolved(kinds: list[str], text: list[str], level: int) -> list[str]:
    """Each kind as one of L, R, AN and EN."""
    outside = "LR"[level % 2]
    original = list(kinds)
    for rule in (_marks, _numbers, _separators, _terminators, _latin_numbers):
        rule(kinds, outside)
    _brackets(kinds, text, original, outside)
    _neutrals(kinds, outside)
    return kinds


def _marks(kinds: list[str], outside: str) -> None:
    """W1."""
    before = outside
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[at] = "ON" if before in {*_OPENING, "PDI"} else before
        before = kinds[at]


def _numbers(kinds: list[str], outside: str) -> None:
    """W2, W3."""
    strong = outside
    for at, kind in enumerate(kinds):
        if kind in _STRONG:
            strong = kind
            kinds[at] = _STRONG[kind]
        elif kind == "EN" and strong == "AL":
            kinds[at] = "AN"


def _separators(kinds: list[str], _outside: str) -> None:
    """W4."""
    for at in range(1, len(kinds) - 1):
        before, after = kinds[at - 1], kinds[at + 1]
        if before == after and (
            (kinds[at] == "ES" and before == "EN") or (kinds[at] == "CS" and before in {"EN", "AN"})
        ):
            kinds[at] = before


def _terminators(kinds: list[str], _outside: str) -> None:
    """W5, W6."""
    for begin, end in _stretches(kinds, lambda kind: kind == "ET"):
        is_beside = "EN" in (kinds[max(0, begin - 1)], kinds[min(end, len(kinds) - 1)])
        kinds[begin:end] = ["EN" if is_beside else "ON"] * (end - begin)
    for at, kind in enumerate(kinds):
        if kind in {"ES", "CS"}:
            kinds[at] = "ON"


def _latin_numbers(kinds: list[str], outside: str) -> None:
    """W7."""
    strong = outside
    for at, kind in enumerate(kinds):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"


def _brackets(kinds: list[str], text: list[str], original: list[str], outside: str) -> None:
    """N0: a pair of brackets runs as what it holds, or as what stands before it."""
    for opened, closed in _pairs(kinds, text):
        inside = {_side(kind) for kind in kinds[opened + 1 : closed]} - {""}
        if not inside:
            continue
        side = outside
        if outside not in inside:
            before = (_side(kind) for kind in reversed(kinds[:opened]))
            side = next((one for one in before if one), outside)
        for bracket in (opened, closed):
            kinds[bracket] = side
            at = bracket + 1
            while at < len(kinds) and original[at] == "NSM":
                kinds[at] = side
                at += 1


def _pairs(kinds: list[str], text: list[str]) -> list[tuple[int, int]]:
    """BD16."""
    open_: list[tuple[str, int]] = []
    found = []
    for at, (kind, one) in enumerate(zip(kinds, text, strict=True)):
        if kind == "ON" and one in _PAIRS:
            if len(open_) == _BRACKETS_OPEN_MAX:
                return []
            open_.append((_PAIRS[one], at))
        elif kind == "ON" and any(one == wanted for wanted, _ in open_):
            while (last := open_.pop())[0] != one:
                pass
            found.append((last[1], at))
    return sorted(found)


def _neutrals(kinds: list[str], outside: str) -> None:
    """N1, N2."""
    for begin, end in _stretches(kinds, lambda kind: kind in _NEUTRAL):
        before = _side(kinds[begin - 1]) if begin else outside
        after = _side(kinds[end]) if end < len(kinds) else outside
        kinds[begin:end] = [before if before == after else outside] * (end - begin)


def _side(kind: str) -> str:
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _stretches(kinds: list[str], belongs: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Where kinds that belong begin and end, each stretch as long as it can be."""
    found, at = [], 0
    for is_in, some in groupby(kinds, key=belongs):
        end = at + len(list(some))
        if is_in:
            found.append((at, end))
        at = end
    return found
