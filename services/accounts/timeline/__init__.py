"""Timeline: everything that happened to an account, in all services, in order."""
