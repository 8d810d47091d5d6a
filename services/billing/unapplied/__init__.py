"""What is unapplied of payments and credit notes, set against items by itself."""
