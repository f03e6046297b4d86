"""What can be wrong with a photo, as types; the text of each is a sentence for the command line.

PhotoError
├── UnreadablePhoto    not a picture, or a format that is not supported
│   └── DamagedPhoto   damaged or cut off
├── PhotoTooLarge      more bytes or pixels than are ever decoded
└── NoDigitsFound      a picture without a digit; `cause` says what was measured
"""

from typing import Literal

Cause = Literal["no_ink", "too_dark", "too_blurred", "printed", "crowded", "not_digits"]
CAUSES: dict[Cause, str] = {
    "no_ink": "I see no digit in this picture.",
    "too_dark": "This picture is too dark to see a digit in it.",
    "too_blurred": "This picture is too blurred to see a digit in it.",
    "printed": "This looks like a page of print; I read handwritten digits.",
    "crowded": "There are too many marks in this picture; I see no digits among them.",
    "not_digits": "I see something in this picture, but no digit.",
}


class PhotoError(Exception):
    """A photo that cannot be read, for a reason that its sender can understand."""


class UnreadablePhoto(PhotoError):
    """Bytes that no decoder here takes for a whole picture."""

    def __init__(self, message: str = "This is not a picture that I can open.") -> None:
        super().__init__(message)


class DamagedPhoto(UnreadablePhoto):
    """A picture that is damaged or cut off."""

    def __init__(self) -> None:
        super().__init__("This picture is damaged or cut off.")


class PhotoTooLarge(PhotoError):
    """More bytes or pixels than the limits in `photo.py`, found before anything is decoded."""

    def __init__(self, message: str = "This picture is too large.") -> None:
        super().__init__(message)


class NoDigitsFound(PhotoError):
    """A whole picture in which nothing looks like a handwritten digit."""

    def __init__(self, cause: Cause = "no_ink") -> None:
        super().__init__(CAUSES[cause])
        self.cause: Cause = cause
