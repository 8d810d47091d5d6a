"""Activities: calls, visits, meetings and letters, planned and held, and what follows them."""
