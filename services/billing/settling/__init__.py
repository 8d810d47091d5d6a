"""Money and credit set against items, with what is given up along with it, and both taken back."""
