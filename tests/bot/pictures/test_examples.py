"""The drawn examples: the good photo is read, the bad one is not."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from bot.pictures.examples import (
    EDGE,
    SIDE,
    TO_TRY,
    blank_canvas,
    good_and_bad_photo,
    good_photo,
    photo_to_try,
)
from model.reader import Reader
from preprocessing import NoDigitsFound, read_page


def cut(picture: bytes, number: int) -> bytes:
    """Return one of the photos in an example."""
    whole = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert whole is not None
    left = EDGE + number * (SIDE + EDGE) + 12
    done, part = cv2.imencode(".png", whole[EDGE + 12 : EDGE + SIDE - 12, left : left + SIDE - 24])
    assert done
    return bytes(part)


@pytest.mark.parametrize("picture", [good_photo, good_and_bad_photo])
def test_the_good_photo_is_good(picture: Callable[[], bytes]) -> None:
    assert Reader.load().read(cut(picture(), 0)).text == "47"


def test_the_canvas_is_blank() -> None:
    with pytest.raises(NoDigitsFound):
        read_page(blank_canvas())


def test_the_photos_to_try_are_a_sure_digit_several_and_one_in_doubt() -> None:
    reader = Reader.load()
    one, several, doubt = (reader.read(photo_to_try(name)) for name in TO_TRY)
    assert (one.text, one.unsure) == ("7", False)
    assert (several.text, several.unsure) == ("4071", False)
    assert len(doubt.digits) == 1 and doubt.unsure and not doubt.digits[0].rejected
