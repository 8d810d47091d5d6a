"""The collections service: dunning, credit holds and placements of what is not paid."""
