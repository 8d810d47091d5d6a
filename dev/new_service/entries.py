"""What stands outside a service's folder: what is there for one service, entered for another."""

from __future__ import annotations

import re

MODEL = "sales"  # nothing more than any service has stands about it


def enter_in_compose(text: str, name: str) -> str:
    """docker-compose.yml with a service more: whatever stands there for the model stands for it, too."""
    blocks = []
    for block in text.split("\n\n"):
        blocks.append(block)
        if re.match(rf"  (migrate-)?{MODEL}:\n", block):
            blocks.append(_renamed(block, name))
        else:
            blocks[-1] = "\n".join(_with_copies(block, name))
    return "\n\n".join(blocks)


def enter_in_project(text: str, name: str) -> str:
    """pyproject.toml with an extra for the service, which the extra dev names."""
    found = re.search(rf'^{MODEL} = \["steward\[service\]".*\n', text, re.MULTILINE)
    assert found, f"pyproject.toml has an extra {MODEL}"
    text = text.replace(found[0], f'{found[0]}{name} = ["steward[service]"]\n')
    return re.sub(rf"(steward\[[a-z,]*\b{MODEL}),", rf"\1,{name},", text)


def _with_copies(block: str, name: str) -> list[str]:
    lines = []
    for line in block.split("\n"):
        lines.append(line)
        if _renamed(line, name) != line:
            lines.append(_renamed(line, name))
    return lines


def _renamed(text: str, name: str) -> str:
    text = re.sub(rf"(?<![a-z]){MODEL}(?![a-z])", name, text)
    return text.replace(f"STEWARD_{MODEL.upper()}_", f"STEWARD_{name.upper()}_")
