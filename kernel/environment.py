"""Settings that are secret: given in the environment, or better in a file that it names."""

from __future__ import annotations

from collections.abc import Mapping


def secret_of(environment: Mapping[str, str], name: str) -> str | None:
    """The value of `name`, or what stands in the file that `name`_FILE names, but for the end of its last
    line; None where there is neither. ValueError with a sentence where there are both or no such file."""
    given, path = environment.get(name), environment.get(f"{name}_FILE")
    if not path:
        return given
    if given:
        raise ValueError(f"{name} and {name}_FILE are both set; take one away.")
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}_FILE names a file that cannot be read: {error}.") from error
