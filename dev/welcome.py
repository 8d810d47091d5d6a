"""What a person is told for whom the system begins to serve."""

from collections.abc import Iterable

from dev.system import System


def list_addresses(system: System) -> list[tuple[str, str]]:
    """Return what there is and where it is found, each with its name."""
    return [
        ("Steward serves at", system.url),
        ("API key", system.api_key),
        ("API reference", f"{system.url}/docs"),
        ("mails", str(system.mail_dir)),
        ("logs", str(system.servers.state.folder / "logs" / system.instance)),
        *(("events", address) for address in system.subscriber_addresses),
        ("", "the broker, for programs outside: docs/subscribing.md"),
    ]


def write_lines(told: Iterable[tuple[str, str]]) -> str:
    """Return each with its name before it, in two columns."""
    return "\n".join(f"  {name:<18} {text}" for name, text in told)
