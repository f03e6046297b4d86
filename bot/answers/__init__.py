"""A reading -> the text and the buttons that answer its photo."""
