"""Letters on paper: typefaces, lines, pages, and the PDF of them."""
