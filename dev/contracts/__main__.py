"""`python -m dev.contracts [--check | release]`: write contracts/, compare it, or release it."""

from __future__ import annotations

import argparse
import sys

from dev.contracts.generate import find_differences, write
from dev.contracts.released import find_broken, release


def main() -> int:
    """Do what is asked; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dev.contracts", description=__doc__)
    parser.add_argument("action", nargs="?", choices=["release"])
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    problems = []
    if options.check or options.action == "release":
        problems = find_differences()
    else:
        print(f"{write()} files written to contracts/")
    problems += find_broken()
    if options.action == "release" and not problems:
        print(f"The contracts of {release()} services are released.")
    print("\n".join(problems) or "contracts/ is what the code says, and all that was released")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
