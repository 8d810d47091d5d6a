"""What the commands of this folder say to the person who typed them."""

import sys


def say(text: str) -> None:
    """Print one line at once, on the error stream so that answers stay clean."""
    print(text, file=sys.stderr, flush=True)
