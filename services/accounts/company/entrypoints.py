"""The ways to the company."""

from __future__ import annotations

from chassis.contract import Reach, command, introduces, query
from chassis.fields import NoFields
from services.accounts import introductions
from services.accounts.company import queries, schemas, usecases


class TheCompany:
    """Who we are."""

    @query(
        "GET /v1/company",
        NoFields,
        returns=schemas.Company,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def get_company(self, session):
        """Who we are, as letters and documents say it. `company_not_set` before anybody said so."""
        return queries.get_company(session)

    @command(
        "PUT /v1/company",
        schemas.SetCompany,
        returns=schemas.Company,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def set_company(self, session, **values):
        """Say who we are, the whole of it. Letters written from then on are from this name and address;
        those that were sent stay as they were."""
        return usecases.set_company(session, **values)

    @introduces(introductions.CompanyIntroduced)
    def introduce_company(self):
        """Who we are."""
        return queries.EVERY
