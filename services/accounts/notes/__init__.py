"""Notes: what somebody wrote down about a client, for all or for themselves."""
