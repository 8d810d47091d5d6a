"""What the services promise: written from their code, and held against what was released."""
