"""The ways into places."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.places import queries, schemas, usecases


class Places:
    """Where goods are kept."""

    @command(
        "POST /v1/places",
        schemas.NewPlace,
        returns=schemas.Place,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def create_place(self, session, **values):
        """Have a new place where goods are kept. Refused with `code_taken` where another has the code."""
        return usecases.create_place(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "PATCH /v1/places/{place_id}",
        schemas.EditPlace,
        returns=schemas.Place,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def edit_place(self, session, **values):
        """Change what a place is called."""
        return usecases.edit_place(session, **values)

    @query(
        "GET /v1/places/{place_id}",
        schemas.PlacePath,
        returns=schemas.Place,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_place(self, session, **values):
        """Read one place by its id."""
        return queries.get_place(session, **values)

    @query(
        "GET /v1/places",
        schemas.PlaceQuery,
        returns=page_of(schemas.Place),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_places(self, session, **values):
        """List places by code."""
        return queries.list_places(session, **values)
