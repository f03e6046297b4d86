"""A PDF's first page, or a picture of a rarer format -> a PNG, in a process of its own.

    python -m preprocessing.redraw < FILE > PNG

Neither the time nor the memory that such a file takes can be bounded by its bytes (a PDF of 2 kB
can ask for ten billion shapes), and their decoders are large. This process limits its own memory
and processor time before it reads the file, and `bot.download` ends it when it takes too long.
Exit status: 0, TOO_LARGE, UNREADABLE, or that of the signal which ended it.
"""

import io
import os
import resource
import sys

from PIL import Image

from preprocessing.errors import PhotoTooLarge, UnreadablePhoto
from preprocessing.metadata import JPEG_START, PNG_START
from preprocessing.photo import PIXELS_MAX, opened, read_header, reduced, set_upright
from preprocessing.working_image import WORK_SIDE_MAX

PDF_MARK = b"%PDF-"
# JPEG and PNG: bounded by their headers, they are decoded where they are read.
PLAIN_MARKS = JPEG_START, PNG_START
FORMS_DEEP = 3  # forms within forms of a PDF in which images are looked for
MEMORY_MAX = 300 << 20  # bytes of address space beyond the libraries': phones' HEICs of 24 MP fit
PROCESSOR_MAX = 3  # s
PIXELS_SURE = 12_000_000  # that MEMORY_MAX is enough for in every format
NICENESS = 5  # photos that are read in the bot's own process go first
TOO_LARGE, UNREADABLE = os.EX_UNAVAILABLE, os.EX_DATAERR  # exit status (sysexits.h)


def main() -> int:
    """Redraw standard input to standard output; return the exit status."""
    _limit()
    try:
        sys.stdout.buffer.write(redraw(sys.stdin.buffer.read()))
    except (PhotoTooLarge, MemoryError):
        return TOO_LARGE
    except Exception:  # whatever a parser raises
        return UNREADABLE
    return 0


def must_be_redrawn(file: bytes) -> bool:
    """Whether a file is neither a JPEG nor a PNG."""
    return not file.startswith(PLAIN_MARKS)


def redraw(file: bytes) -> bytes:
    """Return a PNG of a PDF's first page or of a picture.

    Raises PhotoTooLarge, UnreadablePhoto, MemoryError, and whatever else a parser raises.
    """
    picture = _first_page(file) if file.startswith(PDF_MARK) else _picture(file)
    with io.BytesIO() as png:
        picture.save(png, "PNG", compress_level=1)
        return png.getvalue()


def _first_page(pdf: bytes) -> Image.Image:
    """Draw the first page in grey, WORK_SIDE_MAX px on its long side."""
    import pypdfium2  # 5 MB, which no picture needs
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    page = pypdfium2.PdfDocument(pdf)[0]
    for image in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=FORMS_DEEP):
        across, down = image.get_px_size()
        if across * down > PIXELS_MAX:  # pdfium would leave it out silently
            raise UnreadablePhoto
    bitmap = page.render(scale=WORK_SIDE_MAX / max(page.get_size()), grayscale=True)
    return Image.fromarray(bitmap.to_numpy())


def _picture(file: bytes) -> Image.Image:
    """Decode a picture upright: grey, RGB or RGBA, at most WORK_SIDE_MAX px on its long side."""
    header = read_header(file)
    with opened(header.file) as image:
        try:
            image.load()
        except (OSError, RuntimeError) as error:  # as which decoders report a lack of memory
            if image.width * image.height > PIXELS_SURE:
                raise PhotoTooLarge from error
            raise
        stored = reduced(image, WORK_SIDE_MAX)
    return Image.fromarray(set_upright(stored, header.orientation))


def _limit() -> None:
    """Bound this process; the kernel refuses memory beyond, and ends it after the time."""
    os.nice(NICENESS)
    with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123
        loaded = int(sizes.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (loaded + MEMORY_MAX,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_MAX,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
