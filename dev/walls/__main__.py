"""`python -m dev.walls [SERVICE]`: the rules that the whole tree breaks, or one service."""

from __future__ import annotations

import argparse
import sys

from dev.state import PROJECT
from dev.walls.rules import OF_SERVICES, OF_THE_TREE
from dev.walls.tree import Tree


def main() -> int:
    """Print what is broken; the exit status."""
    tree = Tree(PROJECT)
    parser = argparse.ArgumentParser(prog="python -m dev.walls", description=__doc__)
    parser.add_argument("service", nargs="?", choices=tree.services())
    chosen = parser.parse_args().service
    services = [chosen] if chosen else tree.services()
    broken = [one for rule in OF_SERVICES for service in services for one in rule(tree, service)]
    if not chosen:
        broken += [one for rule in OF_THE_TREE for one in rule(tree)]
    print("\n".join(map(str, broken)) or f"{chosen or 'the whole tree'} keeps to the rules")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
