"""Servers, processes and commands for a laptop or CI, and the set-up of docker-compose.yml."""
