"""Successions: what an owner looked after goes on with the account; who leaves leaves nothing."""
