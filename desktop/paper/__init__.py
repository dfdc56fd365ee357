"""Pages on screen: drawn from a PDF or a picture, laid on a desk to be read."""
