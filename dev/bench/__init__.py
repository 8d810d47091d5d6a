"""The benchmark: what the system does, each figure beside its limit, measured in the same run."""
