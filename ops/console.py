"""What the commands of this folder say to the person who typed them."""

import os
import sys
import zlib

_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)


def say(text: str) -> None:
    """Print one line at once, on the error stream so that answers stay clean."""
    print(text, file=sys.stderr, flush=True)


def say_line(name: str, line: str) -> None:
    """Print one line of a process, with its name before it in the name's own colour."""
    label = f"{name:<14}"
    if sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
        colour = _COLOURS[zlib.crc32(name.encode()) % len(_COLOURS)]
        label = f"\033[{colour}m{label}\033[0m"
    say(f"{label} {line}")
