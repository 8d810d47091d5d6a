"""What a team needs to ship its service alone: a version that is told, and its own libraries."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from dev.walls.tree import Broken, Tree


def the_version_is_told(tree: Tree, service: str) -> Iterator[Broken]:
    """The version of a service is the first that its CHANGELOG.md names."""
    folder = tree.folder(service)
    version, changes = folder / "version.txt", folder / "CHANGELOG.md"
    said = version.read_text().strip() if version.exists() else "none"
    told = re.findall(r"^- (\S+): .", changes.read_text(), re.M) if changes.exists() else []
    if not re.fullmatch(r"\d+\.\d+\.\d+", said) or told[:1] != [said]:
        yield Broken(
            tree.name(version),
            f"the version is the newest of CHANGELOG.md; it is {said}, and {(told or ['none'])[0]} there",
            f"Write `- {said}: what is new` as the first line of the list in CHANGELOG.md, or the number "
            "there into version.txt.",
        )


def it_has_an_extra_of_its_own(tree: Tree, service: str) -> Iterator[Broken]:
    """A service's libraries are an extra of pyproject.toml: what all need, and its own."""
    project = tomllib.loads((tree.root / "pyproject.toml").read_text())["project"]
    extras: dict[str, list[str]] = project["optional-dependencies"]
    for_all = re.findall(r"[a-z]+", extras["dev"][0])
    if extras.get(service, [])[:1] != ["steward[service]"] or service not in for_all:
        yield Broken(
            "pyproject.toml",
            f"{service} has an extra of its own, which the extra dev names",
            f'Write `{service} = ["steward[service]"]` and {service} into the first line of dev.',
        )
