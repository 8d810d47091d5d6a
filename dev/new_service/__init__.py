"""A new service that runs: made from a template, and entered wherever a person would have to."""
