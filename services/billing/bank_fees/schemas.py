"""What the bank charged, coming in."""

from __future__ import annotations

from chassis.fields import Minor


def fee() -> Minor:
    """The field for what the bank charged."""
    return Minor(
        load_default=None,
        least=1,
        metadata={
            "description": "What the bank charged us for it, in minor units of its currency: demanded of "
            "the client by a document of its own (`FEE-…`), due at once, neither sale nor tax."
        },
    )
