"""The secrets of one instance: what the gateway vouches with for calls, and peppers API keys with.

STEWARD_CALL_SECRET=… python -m ops.keys SERVICE    prints the STEWARD_CALL_KEY of a service
"""

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from kernel.rpc import derive_key
from ops.instances import check_service
from ops.secrets import remember


@dataclass(frozen=True)
class Keys:
    """The gateway's secret for calls and what it peppers API keys with, both in hexadecimal digits."""

    call_secret: str
    pepper: str

    def call_key(self, service: str) -> str:
        """Return what a service knows a call to itself by, in hexadecimal digits."""
        return derive_key(self.call_secret.encode(), check_service(service)).hex()


def load_keys(folder: Path) -> Keys:
    """Return the keys kept in a folder, made at first use."""
    return Keys(
        call_secret=remember(folder / "call_secret", lambda: secrets.token_hex(32)),
        pepper=remember(folder / "pepper", lambda: secrets.token_hex(32)),
    )


def main() -> int:
    """Print the key of one service; the exit status."""
    try:
        print(Keys(os.environ["STEWARD_CALL_SECRET"], pepper="").call_key(*sys.argv[1:]))
    except (KeyError, TypeError, ValueError) as error:
        print(f"{__doc__}\n{error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
