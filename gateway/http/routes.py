"""Routes: from verb and path to the endpoint, by dictionary for plain paths and by tree for templates."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from gateway.http.incoming import Request
    from gateway.http.outgoing import Answer

GATEWAY = "gateway"
ANY = "any"  # the scope of what every key and every session may do
PARAMETER = re.compile(r"{(\w+)}")

Handler = Callable[["Request"], Awaitable["Answer"]]


@dataclass(frozen=True, eq=False)
class Endpoint:
    """One route: an RPC method of a service, or with `handler` a page of the gateway's own. No `scope`:
    anybody may come. `seconds_max` bounds how long the answer may take. What `is_streamed` comes in
    many answers; one that `may_have_version` is looked into for it. The body is JSON, or as bytes the
    argument `raw_field`. What `is_for_all` accounts is only for keys that see all; the services look at
    that themselves. What is sent to one that `is_secret` holds a password or the like."""

    service: str
    method: str
    verb: str
    path: str
    is_command: bool = False
    scope: str | None = None
    status: int = 200
    seconds_max: float = 15.0
    is_document: bool = False
    is_streamed: bool = False
    raw_field: str | None = None
    is_costly: bool = False
    may_have_version: bool = True
    is_for_all: bool = False
    is_secret: bool = False
    handler: Handler | None = field(default=None, repr=False)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names in braces, in their order."""
        return tuple(PARAMETER.findall(self.path))

    @cached_property
    def pattern(self) -> str:
        """The path with {} for every parameter: what two routes must not share."""
        return PARAMETER.sub("{}", self.path)

    @cached_property
    def id_names(self) -> tuple[str, ...]:
        """What the id of a thing made here may be called: `invoice_id` for /v1/invoices, `file_id` for
        /v1/files/billing."""
        *nouns, last = self.path.split("/")[2:]
        noun = (nouns[-1] if nouns and last == self.service else last).replace("-", "_")
        singulars = [noun, noun.removesuffix("s")]
        if noun.endswith("es"):
            singulars.append(noun[:-2])
        if noun.endswith("ies"):
            singulars.append(noun[:-3] + "y")
        return tuple(f"{singular}_id" for singular in singulars)


Verbs = dict[str, Endpoint]


class _Node:
    __slots__ = ("endpoints", "literals", "parameter")

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.endpoints: Verbs = {}


class Routes:
    """All routes at one moment; a change makes a new one."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._plain: dict[str, Verbs] = {}
        self._root = _Node()
        for endpoint in endpoints:
            if endpoint.parameters:
                self._add(endpoint)
            else:
                self._plain.setdefault(endpoint.path, {})[endpoint.verb] = endpoint

    def find(self, raw_path: bytes) -> tuple[Verbs, list[str]] | None:
        """The endpoints of a path by verb, with the values of its parameters; None where there is no
        such path. A plain path goes before a template, a literal step before a parameter."""
        try:
            path = raw_path.decode("ascii")
            if "%" not in path and (verbs := self._plain.get(path)) is not None:
                return verbs, []
            steps = path.split("/")
            if "%" in path:
                steps = [unquote_to_bytes(step).decode("utf-8") for step in steps]
        except UnicodeDecodeError:
            return None
        values: list[str] = []
        node = _walk(self._root, steps, 1, values)
        return (node.endpoints, values) if node else None

    def _add(self, endpoint: Endpoint) -> None:
        node = self._root
        for step in endpoint.path.split("/")[1:]:
            if PARAMETER.fullmatch(step):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(step, _Node())
        node.endpoints[endpoint.verb] = endpoint


def _walk(node: _Node, steps: list[str], index: int, values: list[str]) -> _Node | None:
    if index == len(steps):
        return node if node.endpoints else None
    step = steps[index]
    literal = node.literals.get(step)
    if literal is not None and (found := _walk(literal, steps, index + 1, values)):
        return found
    if node.parameter is None or not step:
        return None
    values.append(step)
    found = _walk(node.parameter, steps, index + 1, values)
    if found is None:
        values.pop()
    return found


def own_endpoint(verb: str, path: str, handler: Handler, **contract: Any) -> Endpoint:
    """An endpoint of the gateway's own."""
    return Endpoint(GATEWAY, handler.__name__, verb, path, handler=handler, **contract)
