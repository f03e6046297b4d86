"""PDFs for tests, written by hand: pages, images, and those that cost too much to draw."""

import io
import zlib
from functools import cache

import pypdfium2

BOMBS = "forms", "shapes", "image", "images"  # pages that would never end or fill the memory
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << %s >> >>"


def pdf(width: float, height: float) -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(width, height)
    with io.BytesIO() as file:
        document.save(file)
        return file.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A PDF stream object, compressed."""
    packed = zlib.compress(content)
    length = b"/Length %d /Filter /FlateDecode" % len(packed)
    return b"<< %s %s >> stream\n%s\nendstream" % (entries, length, packed)


def blank_image(side: int) -> bytes:
    """An image of side x side grey pixels."""
    entries = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
    return stream(bytes(side * side), entries + b" /Width %d /Height %d" % (side, side))


def written_pdf(objects: dict[int, bytes], drawn: bytes = b"") -> bytes:
    """A PDF of one page: its content is object 4, `drawn` names what that may draw."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R"
    head = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page + b" /Resources << /XObject << %s >> >> >>" % drawn,
    }
    bodies = [b"%d 0 obj %s endobj\n" % item for item in (head | objects).items()]
    return b"%PDF-1.5\n" + b"".join(bodies) + b"trailer << /Root 1 0 R >>\n%%EOF"


def nested_forms(times: int, levels: int) -> bytes:
    """A page of forms that draw forms: `times` to the power of `levels` shapes."""
    forms = {4: stream(b"/F Do " * times), 5 + levels: stream(b"0 0 9 9 re f", FORM % b"")}
    for level in range(levels):
        forms[5 + level] = stream(b"/F Do " * times, FORM % (b"/F %d 0 R" % (6 + level)))
    return written_pdf(forms, b"/F 5 0 R")


@cache
def bomb(kind: str) -> bytes:
    """One of BOMBS."""
    if kind == "forms":
        return nested_forms(times=10, levels=10)
    if kind == "shapes":
        return written_pdf({4: stream(b"0 0 9 9 re f " * 2_000_000)})
    if kind == "image":
        return written_pdf({4: stream(b"/Im Do"), 5: blank_image(20_000)}, b"/Im 5 0 R")
    many = stream(b"/Im Do " * 100_000)
    return written_pdf({4: many, 5: blank_image(7_000)}, b"/Im 5 0 R")
