"""`contracts/released/`: what may only grow, and the corrections of what was documented wrongly."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from dev.contracts.generate import FOLDER, RELEASED
from dev.contracts.growth import find_losses
from dev.contracts.promises import Promises, read_promises

REASON_MIN = 30
REMEDY = (
    "A released contract only grows: leave this as it was and add an optional field, a new path, or a v2 "
    "of the event that is announced beside v1. Where only the document was wrong and the wire is as it "
    "ever was, say so in contracts/released/corrections.toml."
)
CORRECTIONS = """\
# What was documented wrongly when it was released: the document changes, the wire does not; and patterns
# of what is sent that take more than they did, as no program can tell. Each names the promises (`*` is
# any part of an address), what was said of them, what is said, and how one knows that the wire is as it
# was, or takes all it took. `make release-contracts` empties this file.
#
#   [[correction]]
#   service = "billing"
#   at = "* answer/*/tax_percent"
#   was = {type = "number"}
#   is = {type = "string", format = "decimal"}
#   reason = "The wire has always said text; the tests of billing's entrypoints show it."
"""


def find_broken(folder: Path = FOLDER) -> list[str]:
    """Every released promise that the contracts in a folder no longer hold, with the remedy."""
    broken: list[str] = []
    for file in sorted((folder / "released").glob("*.json")):
        service = file.stem
        released, present = read_released(file), _present(folder / service)
        corrected, problems = correct(released, present, _corrections(folder, service))
        broken += [f"{service}: {problem}" for problem in problems]
        broken += [f"{service}: {loss}. {REMEDY}" for loss in find_losses(corrected, present)]
    return broken


def release(folder: Path = FOLDER) -> int:
    """Make what is promised now what is released; how many services there are. AssertionError, and
    nothing is written, where something released before is lost."""
    broken = find_broken(folder)
    assert not broken, "\n".join(broken)
    place = folder / RELEASED.name
    place.mkdir(exist_ok=True)
    services = [path.parent for path in sorted(folder.glob("*/openapi.json"))]
    for service in services:
        (place / f"{service.name}.json").write_text(_as_text(read_promises(service)))
    (place / "corrections.toml").write_text(CORRECTIONS)
    return len(services)


def read_released(file: Path) -> Promises:
    """What one service has released."""
    promises: Promises = json.loads(file.read_text())
    return promises


def correct(
    released: Promises, present: Promises, corrections: Iterable[dict[str, Any]]
) -> tuple[Promises, list[str]]:
    """The released promises as they should have been documented, and what is wrong with a correction."""
    corrected, problems = dict(released), []
    for one in corrections:
        found = [
            at
            for at, facts in corrected.items()
            if fnmatchcase(at, one["at"])
            and one["was"].items() <= facts.items()
            and present.get(at) != facts
        ]
        if not found or len(one["reason"]) < REASON_MIN:
            problems.append(
                f"the correction of {one['at']} in contracts/released/corrections.toml corrects nothing "
                "or has no reason. Say how one knows that the wire is as it was, or take it out"
            )
        for at in found:
            kept = {name: fact for name, fact in corrected[at].items() if name not in one["was"]}
            corrected[at] = kept | one["is"]
    return corrected, problems


def _present(folder: Path) -> Promises:
    return read_promises(folder) if folder.is_dir() else {}


def _corrections(folder: Path, service: str) -> list[dict[str, Any]]:
    path = folder / "released" / "corrections.toml"
    declared = tomllib.loads(path.read_text()) if path.exists() else {}
    return [one for one in declared.get("correction", ()) if one["service"] == service]


def _as_text(promises: Promises) -> str:
    """One line for each promise, so that a release reads as the lines it adds."""
    lines = [f"{json.dumps(at)}: {json.dumps(facts)}" for at, facts in sorted(promises.items())]
    return "{\n" + ",\n".join(lines) + "\n}\n"
