"""The chassis: how a service runs. Entrypoints, the transaction, outbox, inbox, clock, logs, health."""
