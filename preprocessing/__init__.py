"""A photo in, digits as 28x28 glyphs out. Importing does nothing; `read_page` is the door."""

from preprocessing.boxes import Box
from preprocessing.errors import NoDigitsFound, PhotoError, PhotoTooLarge, UnreadablePhoto
from preprocessing.joining import joins
from preprocessing.page import Page
from preprocessing.parting import parted
from preprocessing.photo import Photo
from preprocessing.pipeline import VERSION, find_digits, read_page

__all__ = [
    "VERSION",
    "Box",
    "NoDigitsFound",
    "Page",
    "Photo",
    "PhotoError",
    "PhotoTooLarge",
    "UnreadablePhoto",
    "find_digits",
    "joins",
    "parted",
    "read_page",
]
