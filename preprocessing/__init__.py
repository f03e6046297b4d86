"""A photo in, digits as 28x28 glyphs out. Importing does nothing; `read_page` is the door."""

from preprocessing.errors import NoDigitsFound, PhotoError, PhotoTooLarge, UnreadablePhoto
from preprocessing.page import Box, Page
from preprocessing.photo import Photo
from preprocessing.pipeline import find_digits, lone_digit, read_page, turned_page
from preprocessing.segmentation.hypotheses import broken_pairs, lattice_of, rows_around

__all__ = [
    "Box",
    "NoDigitsFound",
    "Page",
    "Photo",
    "PhotoError",
    "PhotoTooLarge",
    "UnreadablePhoto",
    "broken_pairs",
    "find_digits",
    "lattice_of",
    "lone_digit",
    "read_page",
    "rows_around",
    "turned_page",
]
