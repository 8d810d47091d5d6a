"""Late shipments: lines that are not picked shortly before their promised day."""
