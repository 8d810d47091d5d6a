"""How long returns are waited for, at each stage."""
