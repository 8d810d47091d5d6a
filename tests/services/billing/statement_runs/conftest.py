"""What is set in type needs typefaces."""

from tests.typefaces import fonts

__all__ = ["fonts"]
