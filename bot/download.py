"""A message -> the bytes of its picture: photo, sticker, file, or the first page of a PDF."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
from telegram import Document, Message, PhotoSize, Sticker
from telegram.constants import FileSizeLimit

from bot.pictures.drawing import png
from preprocessing import PhotoTooLarge, UnreadablePhoto

PDF_MARK = b"%PDF-"
PAGE_SIDE = 2000  # px, longest side of a drawn page: about 170 dpi of an A4 sheet
PAGE_POINTS_MAX = 15_000  # 1/72 inch, either side of a page; the format's own limit is 14,400
# PDFium must not be entered by two threads at once; and a page that takes it long holds up no
# thread that anything but PDFs needs.
_pdfium = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdfium")


async def fetch_photo(message: Message) -> bytes:
    """Fetch what a message shows, at its largest; nothing over 20 MB is asked for.

    Raises UnreadablePhoto for a message without a still picture, and PhotoTooLarge.
    """
    file = still_picture(message)
    if file is None:
        raise UnreadablePhoto("the message has no still picture")
    if (file.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise PhotoTooLarge("Telegram gives bots files of at most 20 MB")
    photo = bytes(await (await file.get_file()).download_as_bytearray())
    if not photo.startswith(PDF_MARK):
        return photo
    return await asyncio.get_running_loop().run_in_executor(_pdfium, first_page, photo)


def still_picture(message: Message) -> PhotoSize | Document | Sticker | None:
    """Return the file to fetch; of a GIF, which Telegram makes a video of, the first frame."""
    if message.photo:
        return message.photo[-1]
    if message.animation:
        return message.animation.thumbnail
    if message.sticker:
        moves = message.sticker.is_animated or message.sticker.is_video
        return None if moves else message.sticker
    return message.document


def first_page(pdf: bytes) -> bytes:
    """Draw the first page of a PDF as a PNG; raises UnreadablePhoto or PhotoTooLarge."""
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            page = document[0]
            width, height = page.get_size()
            if not 0 < min(width, height) <= max(width, height) <= PAGE_POINTS_MAX:
                raise PhotoTooLarge("this page is too large")
            gray = page.render(scale=PAGE_SIDE / max(width, height), grayscale=True)
            return png(gray.to_numpy())
        finally:
            document.close()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise UnreadablePhoto("this PDF cannot be opened") from error
