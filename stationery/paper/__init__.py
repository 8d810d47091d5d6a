"""Letters and documents on paper: typefaces, lines, pages, and the PDF of them."""
