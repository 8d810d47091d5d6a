"""Making dunning runs: what each account would get."""
