"""The gateway: HTTP in, RPC out. It holds no route and no schema of a service."""
