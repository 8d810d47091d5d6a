"""The figures that follow from a CRM's files alone: what the system must say."""

from ops.replay.crm.records import Crm
from ops.replay.formats import NONE, Figures, count


def expect(crm: Crm) -> Figures:
    """The figures of all that can be played."""
    managers = crm.people.managers
    owners = crm.owners
    return {
        "accounts": {"in all": len(crm.accounts)},
        "accounts by country": count(one.place.country for one in crm.accounts),
        "accounts by sector": count(one.sector for one in crm.accounts),
        "accounts by owner": count(owners.values()),
        "accounts by manager": count(managers.get(one, NONE) for one in owners.values()),
        "accounts by team": count(crm.teams.values()),
        "parent of account": {one.name: one.parent for one in crm.accounts if one.parent},
        "people by manager": crm.people.reports,
        "people by team": {office: len(names) for office, names in crm.people.offices.items()},
    }
