"""Documents: invoices and notes on paper and for programs, made once, and the copies that are sent."""
