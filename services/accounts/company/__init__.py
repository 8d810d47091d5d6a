"""Who we are: the company that letters and documents come from."""
