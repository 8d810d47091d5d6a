"""Documents on paper: where everything of one stands, and the PDF of it."""
