"""The ways in: what happens to a request, an event, a day, from arrival to answer."""
