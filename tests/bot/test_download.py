"""Messages -> bytes: the right file of a message, PDFs drawn, nothing over the limit fetched."""

import io
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from telegram import Animation, Chat, Document, Message, PhotoSize, Sticker, User

from bot.download import PAGE_SIDE, fetch_photo, first_page, still_picture
from preprocessing import PhotoTooLarge, UnreadablePhoto

A4 = 595, 842  # 1/72 inch


def message(**what: Any) -> Message:
    user, chat = User(1, "A", is_bot=False), Chat(1, Chat.PRIVATE)
    return Message(1, datetime.now(UTC), chat, from_user=user, **what)


def size(name: str, side: int) -> PhotoSize:
    return PhotoSize(name, name, side, side)


def sticker(*, animated: bool = False, video: bool = False) -> Sticker:
    return Sticker("s", "s", 512, 512, animated, video, Sticker.REGULAR)


def pdf(width: float, height: float) -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(width, height)
    with io.BytesIO() as file:
        document.save(file)
        return file.getvalue()


def test_of_a_photo_the_largest_size_is_fetched() -> None:
    found = still_picture(message(photo=(size("small", 90), size("large", 1280))))
    assert found and found.file_id == "large"


def test_of_a_gif_the_first_frame_is_fetched() -> None:
    gif = Animation("a", "a", 9, 9, 1, thumbnail=size("frame", 320))
    found = still_picture(message(animation=gif, document=Document("a", "a")))
    assert found and found.file_id == "frame"


@pytest.mark.parametrize(
    "what",
    [
        {"sticker": sticker(animated=True)},
        {"sticker": sticker(video=True)},
        {"animation": Animation("a", "a", 9, 9, 1)},
        {"text": "7"},
    ],
)
async def test_what_moves_or_is_no_picture_is_refused(what: dict[str, Any]) -> None:
    with pytest.raises(UnreadablePhoto):
        await fetch_photo(message(**what))


def test_a_still_sticker_is_fetched() -> None:
    assert still_picture(message(sticker=sticker()))


async def test_a_file_over_20_mb_is_not_even_asked_for() -> None:
    with pytest.raises(PhotoTooLarge):
        await fetch_photo(message(document=Document("d", "d", file_size=20_000_001)))


def test_a_page_is_drawn_large() -> None:
    with Image.open(io.BytesIO(first_page(pdf(*A4)))) as page:
        assert max(page.size) == PAGE_SIDE
        assert page.size[0] / page.size[1] == pytest.approx(A4[0] / A4[1], rel=0.01)
        assert page.getextrema() == (255, 255)


@pytest.mark.parametrize("cut", [0, 5, 200])
def test_a_broken_pdf_is_unreadable(cut: int) -> None:
    with pytest.raises(UnreadablePhoto):
        first_page(pdf(*A4)[:cut])


def test_a_pdf_without_pages_is_unreadable() -> None:
    with io.BytesIO() as file:
        pypdfium2.PdfDocument.new().save(file)
        with pytest.raises(UnreadablePhoto):
            first_page(file.getvalue())


def test_a_page_as_large_as_a_house_is_too_large() -> None:
    with pytest.raises(PhotoTooLarge):
        first_page(pdf(200_000, 100))
