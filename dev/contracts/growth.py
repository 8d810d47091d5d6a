"""What may become of a promise: it may grow, and nothing of it may be lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dev.contracts.promises import Facts, Promises, above, is_outward

LEAST = ("minimum", "minLength", "minItems")
EVERYTHING = "everything"  # what an endpoint reaches that only callers may ask who see all accounts
MOST = ("maximum", "maxLength", "maxItems")


def find_losses(released: Promises, present: Promises) -> list[str]:
    """What was promised and is no more, each with its address."""
    gone = {at for at in released if at not in present}
    losses = [f"{at}: is gone" for at in sorted(gone) if above(at) not in gone]
    for at in sorted(released.keys() & present.keys()):
        worse = _worse_to_get if is_outward(at) else _worse_to_ask
        losses += [f"{at}: {what}" for what in worse(released[at], present[at])]
    for at in sorted(present.keys() - released.keys()):
        is_asked = not is_outward(at) and present[at].get("required")
        if is_asked and above(at) in released:
            losses.append(f"{at}: is new and required, and nobody sends it yet")
    return losses


def _worse_to_get(was: Facts, now: Facts) -> Iterator[str]:
    """An answer or an event: what was guaranteed still is."""
    if was == now:
        return
    if "anything" not in was["type"] and not _types(now) <= _types(was):
        yield f"was {was['type']} and is {now['type']}"
    if was.get("required") and not now.get("required"):
        yield "was always there and may be missing"
    if "format" in was and now.get("format") != was["format"]:
        yield f"had the format {was['format']} and has {now.get('format')}"
    if "enum" in was and (lost := _lost(was, now, otherwise=was["enum"])):
        yield f"no longer promises {', '.join(map(str, lost))}"


def _worse_to_ask(was: Facts, now: Facts) -> Iterator[str]:
    """A request: what was accepted still is, and means the same."""
    for name in ("scope", "status", "default"):
        if name in was and now.get(name) != was[name]:
            yield f"had the {name} {was[name]} and has {now.get(name)}"
    if was.get("reach", EVERYTHING) != EVERYTHING == now.get("reach"):
        yield "was for callers who see some accounts, too, and is for those alone who see all"
    if "type" not in was or was == now:
        return
    if "anything" not in now["type"] and not _types(was) <= _types(now):
        yield f"accepted {was['type']} and accepts {now['type']}"
    if now.get("required") and not was.get("required"):
        yield "could be left out and is required"
    for name in ("format", "pattern"):
        if name in now and now[name] != was.get(name):
            yield f"had the {name} {was.get(name)} and has {now[name]}"
    if "enum" in now and ("enum" not in was or (lost := _lost(was, now, otherwise=()))):
        yield f"no longer accepts {', '.join(map(str, lost)) if 'enum' in was else 'just anything'}"
    yield from _tighter(was, now)


def _tighter(was: Facts, now: Facts) -> Iterator[str]:
    for name in LEAST:
        if name in now and now[name] > was.get(name, float("-inf")):
            yield f"had the {name} {was.get(name)} and has {now[name]}"
    for name in MOST:
        if name in now and now[name] < was.get(name, float("inf")):
            yield f"had the {name} {was.get(name)} and has {now[name]}"


def _types(facts: Facts) -> set[str]:
    types = {*facts["type"].split("|")}
    return types | {"integer"} if "number" in types else types


def _lost(was: Facts, now: Facts, *, otherwise: Any) -> list[Any]:
    """Values that were among those named and are not; `otherwise` where none are named any more."""
    if "enum" not in now:
        return list(otherwise)
    return [value for value in was["enum"] if value not in now["enum"]]
