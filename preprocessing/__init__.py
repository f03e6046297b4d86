"""A photo in, digits as 28x28 glyphs out. Importing does nothing; `read_page` is the door."""

from preprocessing.boxes import Box
from preprocessing.errors import NoDigitsFound, PhotoError, PhotoTooLarge, UnreadablePhoto
from preprocessing.pipeline import VERSION, Page, read_page

__all__ = [
    "VERSION",
    "Box",
    "NoDigitsFound",
    "Page",
    "PhotoError",
    "PhotoTooLarge",
    "UnreadablePhoto",
    "read_page",
]
