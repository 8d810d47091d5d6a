"""`make new-service NAME=desk`: a service that runs, with an endpoint, an event, a subscription, a table.

Besides services/<name>/ and tests/services/<name>/ it enters the service in docker-compose.yml and
pyproject.toml, and writes its contracts.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template

from dev.new_service.entries import enter_in_compose, enter_in_project
from dev.state import PROJECT

TEMPLATE = Path(__file__).parent / "template"
RESERVED = frozenset(
    "gateway admin subscriber kernel stationery chassis ops dev tests released".split()
)
LEFT = """\
services/{name}/ and tests/services/{name}/ are there, and {name} runs: make run, make test S={name}.
It is entered in docker-compose.yml (how much memory it may have, and its own settings) and in
pyproject.toml (its own libraries). For a person to decide:
  - what it is for: the first lines of its README.md, __init__.py and service.py, and docs/glossary.md
  - that it knows what was before it: python -m chassis introduce accounts --to {name}, once it runs
  - whether the timeline of accounts shows its events: services/accounts/subscriptions.py
  - when its promises are released and may only grow: make release-contracts
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the service and say what is left to decide; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dev.new_service", description=__doc__)
    parser.add_argument("name")
    name = parser.parse_args(arguments).name
    try:
        write(check_name(name))
    except ValueError as problem:
        parser.error(str(problem))
    for finish in (["ruff", "format", "-q", f"services/{name}"], ["dev.contracts"]):
        subprocess.run([sys.executable, "-m", *finish], cwd=PROJECT, check=True)
    print(LEFT.format(name=name))
    return 0


def check_name(name: str) -> str:
    """The name, refused unless it can be a service's: a part of routes, queues and databases.

    Raises:
        ValueError: it has other letters than 2 to 14 of a-z, is reserved, or is there.
    """
    if not re.fullmatch(r"[a-z]{2,14}", name) or name in RESERVED:
        raise ValueError(f"a service is named with 2 to 14 of a-z, and not {sorted(RESERVED)}")
    if (PROJECT / "services" / name).exists():
        raise ValueError(f"services/{name} is there already")
    return name


def write(name: str) -> None:
    """Write the service's files and enter it where others stand."""
    places = {"service": PROJECT / "services" / name, "tests": PROJECT / "tests/services" / name}
    for part, place in places.items():
        for file in sorted((TEMPLATE / part).rglob("*.txt")):
            path = place / file.relative_to(TEMPLATE / part).with_suffix("")
            path.parent.mkdir(parents=True, exist_ok=True)
            text = Template(file.read_text()).substitute(name=name, Name=name.capitalize())
            path.write_text(text)
    for file_name, enter in (
        ("docker-compose.yml", enter_in_compose),
        ("pyproject.toml", enter_in_project),
    ):
        path = PROJECT / file_name
        path.write_text(enter(path.read_text(), name))


if __name__ == "__main__":
    sys.exit(main())
