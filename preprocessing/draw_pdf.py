"""The first page of a PDF -> a PNG: `python -m preprocessing.draw_pdf < PDF > PNG`.

Neither the time nor the memory that a page takes can be bounded by its bytes: 2 kB can ask for
ten billion shapes. This process limits its own memory and processor time before it reads the
file, and `bot.download` ends it when it takes too long. Exit status: 0, TOO_LARGE, UNREADABLE, or
that of the signal which ended it.
"""

import os
import resource
import sys

import pypdfium2
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

PAGE_SIDE = 2000  # px, longest side of a drawn page: about 170 dpi of an A4 sheet
PAGE_POINTS_MAX = 15_000  # 1/72 inch, either side of a page; the format's own limit is 14,400
IMAGE_PIXELS_MAX = 60_000_000  # of an image on the page; a larger one would be left out silently
FORMS_DEEP = 3  # forms within forms in which such images are looked for
MEMORY_MAX = 200 << 20  # bytes of address space beyond what the libraries take
PROCESSOR_MAX = 3  # s
NICENESS = 5  # photos that are read in the bot's own process go first
TOO_LARGE, UNREADABLE = 3, 4  # exit status


def main() -> int:
    """Draw standard input to standard output; return the exit status."""
    _limit()
    try:
        page = first_page(sys.stdin.buffer.read())
        if page is None:
            return TOO_LARGE
        page.save(sys.stdout.buffer, "PNG", compress_level=1)
    except Exception:  # of the parser, and MemoryError
        return UNREADABLE
    return 0


def first_page(pdf: bytes) -> Image.Image | None:
    """Draw the first page in grey, PAGE_SIDE px on its long side; None: it is too large.

    Raises MemoryError for an image that would be left out, and what the parser raises.
    """
    page = pypdfium2.PdfDocument(pdf)[0]
    width, height = page.get_size()
    if not 0 < min(width, height) <= max(width, height) <= PAGE_POINTS_MAX:
        return None
    for image in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=FORMS_DEEP):
        across, down = image.get_px_size()
        if across * down > IMAGE_PIXELS_MAX:
            raise MemoryError
    bitmap = page.render(scale=PAGE_SIDE / max(width, height), grayscale=True)
    return Image.fromarray(bitmap.to_numpy())


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
