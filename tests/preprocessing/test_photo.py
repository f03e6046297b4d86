import io
import struct
import zlib
from unittest.mock import Mock

import cv2
import numpy as np
import pytest
from PIL import ExifTags, Image

from preprocessing.errors import PhotoError, PhotoTooLarge, UnreadablePhoto
from preprocessing.photo import BYTES_MAX, ONE_AT_A_TIME, Photo, read_header
from tests.papers import blank, photo, write

WHITE = blank(120, 80)
PAPER = write(blank(120, 80), "7", at=(20, 10), height=50)
TURNS = {  # EXIF orientation: how its file stores an upright picture
    1: lambda p: p,
    2: np.fliplr,
    3: lambda p: np.rot90(p, 2),
    4: np.flipud,
    5: lambda p: p.T,
    6: lambda p: np.rot90(p, 1),
    7: lambda p: np.rot90(p.T, 2),
    8: lambda p: np.rot90(p, -1),
}


@pytest.mark.parametrize(("kind", "reducible"), [("JPEG", True), ("PNG", False)])
def test_a_header_says_how_a_picture_is_stored(kind: str, reducible: bool) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    stored = photo(WHITE, kind, exif=exif.tobytes())
    header = read_header(stored)
    assert (header.width, header.height, header.orientation) == (120, 80, 6)
    assert header.reducible is reducible
    assert read_header(photo(WHITE, kind)).orientation == 1


def test_a_jpeg_with_more_pictures_behind_it_is_a_jpeg() -> None:
    """Phones put one there for bright screens, and Pillow has another name for such a file."""
    with io.BytesIO() as file:
        first, second = (Image.new("RGB", size, "white") for size in ((120, 80), (60, 40)))
        first.save(file, "MPO", save_all=True, append_images=[second])
        header = read_header(file.getvalue())
        assert (header.width, header.height) == (120, 80) and header.reducible


def test_pixels_cut_off_do_not_matter_yet() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    whole = photo(noise, "JPEG")
    cut, sound = (read_header(file) for file in (whole[: len(whole) // 2], whole))
    assert cut._replace(file=b"") == sound._replace(file=b"")


def png_header(width: int, height: int, colours: int, depth: int = 8) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    body = b"IDAT" + zlib.compress(b"")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk
        + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("colours", "depth", "rows"),
    [(0, 8, 5_600), (0, 1, 5_600), (2, 8, 3_333), (2, 16, 1_666), (6, 8, 2_000), (6, 16, 1_250)],
)
def test_too_many_pixels_are_refused_by_the_header(colours: int, depth: int, rows: int) -> None:
    """56 megapixels of grey, 33 of RGB, 20 of RGBA; of 16 bits a colour 12 at least."""
    assert read_header(png_header(10_000, rows, colours, depth))
    for width, height in ((10_000, rows + 1), (60_000, 60_000)):
        with pytest.raises(PhotoTooLarge):
            read_header(png_header(width, height, colours, depth))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(PhotoTooLarge):
        read_header(photo(WHITE) + bytes(BYTES_MAX))


@pytest.mark.parametrize("junk", [b"", b"hello", b"%PDF-1.7 ...", b"\xff\xd8\xff", bytes(999)])
def test_what_is_no_picture_is_unreadable(junk: bytes) -> None:
    with pytest.raises(UnreadablePhoto):
        read_header(junk)


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_exif_orientation_is_obeyed(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = np.ascontiguousarray(TURNS[orientation](PAPER))
    turned = Photo(photo(stored, kind, exif=exif.tobytes()))
    assert (turned.width, turned.height) == (120, 80)
    assert np.abs(turned.gray(999).astype(int) - PAPER).mean() < 3


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "LA", "CMYK", "I;16", "1"])
def test_every_kind_of_pixel_becomes_the_same_grey(mode: str) -> None:
    image = Image.fromarray(PAPER)
    if mode == "I;16":
        image = Image.fromarray(PAPER.astype(np.uint16) * 16)
    elif mode in ("CMYK", "RGBA", "P"):
        image = image.convert("RGB").convert(mode)
    else:
        image = image.convert(mode, dither=Image.Dither.NONE)
    gray = Photo(file_of(image, "TIFF" if mode == "CMYK" else "PNG")).gray(999)
    assert gray.dtype == np.uint8
    assert ((gray < 128) == (PAPER < 128)).mean() > 0.99


@pytest.mark.parametrize("ink", [0, 255])
def test_a_drawing_on_glass_stays_visible(ink: int) -> None:
    alpha = np.where(PAPER < 128, 255, 0).astype(np.uint8)
    drawing = Image.merge("LA", [Image.new("L", (120, 80), ink), Image.fromarray(alpha)])
    gray = Photo(file_of(drawing)).gray(999)
    assert abs(int(gray[alpha > 0].mean()) - int(gray[alpha == 0].mean())) > 200


def test_first_frame_of_a_gif_is_taken() -> None:
    frames = [Image.fromarray(PAPER), Image.new("L", (120, 80), 0)]
    moving = file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert Photo(moving).gray(999).mean() > 150


def test_avif_is_read() -> None:
    assert np.abs(Photo(photo(PAPER, "AVIF")).gray(999).astype(int) - PAPER).mean() < 3


def test_heic_is_read() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(PAPER).convert("RGB")).save(file)
    assert Photo(file.getvalue()).gray(999).shape == (80, 120)


def test_large_jpeg_is_decoded_small_and_keeps_its_measures() -> None:
    large = Photo(photo(blank(2000, 1500), "JPEG"))
    assert large.gray(500).shape == (375, 500)
    assert (large.width, large.height) == (2000, 1500)


def test_small_pictures_are_not_enlarged() -> None:
    assert Photo(photo(PAPER)).gray(640).shape == PAPER.shape


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_cut_file_is_unreadable(kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    whole = photo(noise, kind)
    with pytest.raises(UnreadablePhoto):
        Photo(whole[: len(whole) * 2 // 3]).gray(999)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("share", [0.2, 0.9, 0.999])
@pytest.mark.parametrize("long_side", [999, 300, 100])
def test_a_cut_jpeg_is_unreadable_at_any_size(
    share: float, long_side: int, progressive: bool
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (800, 900), dtype=np.uint8)
    whole = file_of(Image.fromarray(noise), "JPEG", progressive=progressive)
    assert Photo(whole).gray(long_side).size
    with pytest.raises(UnreadablePhoto):
        Photo(whole[: int(len(whole) * share)]).gray(long_side)


def test_kinds_of_error_are_photo_errors_with_a_sentence() -> None:
    for error in (UnreadablePhoto(), PhotoTooLarge()):
        assert isinstance(error, PhotoError)
        assert str(error).endswith(".")


def test_ink_as_light_as_the_paper_is_dark_in_its_darkest_colour() -> None:
    page = np.full((120, 160, 3), 120, np.uint8)
    page[40:80, 60:100] = (230, 70, 95)  # red of the same luminance
    coloured = Photo(file_of(Image.fromarray(page), "JPEG", quality=95))
    flat, dark = coloured.gray(160).astype(int), coloured.darkest(160)
    assert abs(flat[60, 80] - flat[10, 10]) < 8
    assert dark is not None
    assert int(dark[10, 10]) - int(dark[60, 80]) > 30


def test_a_grey_picture_that_is_stored_in_colours_shows_no_more_in_colour() -> None:
    shades = write(blank(160, 120), "5", at=(40, 20), height=80)
    assert Photo(photo(np.repeat(shades[:, :, np.newaxis], 3, axis=2))).darkest(160) is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_red_ink_as_light_as_its_grey_paper_shows_in_its_darkest_colour(kind: str) -> None:
    paper = np.full((120, 160, 3), 130, np.uint8)
    cv2.line(paper, (80, 20), (80, 100), (230, 86, 86), 8)  # RGB; as grey as the paper
    sent = Photo(file_of(Image.fromarray(paper), kind))
    gray, dark = sent.gray(160), sent.darkest(160)
    assert dark is not None
    assert abs(int(gray[60, 80]) - int(gray[60, 20])) < 8
    assert int(dark[60, 80]) < int(dark[60, 20]) - 30


def test_a_photo_in_colour_lies_as_its_grey_picture() -> None:
    paper = np.full((90, 120, 3), 220, np.uint8)
    paper[:30, :40] = 200, 30, 40
    sent = Photo(file_of(Image.fromarray(paper)))
    as_grey = cv2.cvtColor(sent.colour(120), cv2.COLOR_BGR2GRAY)
    assert cv2.absdiff(as_grey, sent.gray(120)).max() <= 2


@pytest.mark.parametrize(
    ("kind", "side", "times"),
    [("JPEG", 1600, 2), ("JPEG", 2600, 1), ("PNG", 1600, 1), ("PNG", 2600, 1)],
)
def test_what_takes_as_long_at_any_size_and_in_grey_is_decoded_once_after_a_first_look(
    kind: str, side: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = np.full((side, side, 3), (90, 80, 70), np.uint8)
    sent = Photo(file_of(Image.fromarray(paper), kind, progressive=kind == "JPEG"))
    decode = Mock(side_effect=cv2.imdecode)
    monkeypatch.setattr(cv2, "imdecode", decode)
    for long_side in (640, 1280, 900):
        sent.gray(long_side)
        sent.darkest(long_side)
    assert decode.call_count == times


@pytest.mark.parametrize(
    ("kind", "progressive"), [("JPEG", True), ("JPEG", False), ("PNG", False)]
)
def test_only_large_jpegs_of_several_scans_are_decoded_one_at_a_time(
    kind: str, progressive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one is decoded the lock is held; their coefficients would fill the memory."""
    held: list[bool] = []

    def decode(*arguments: object) -> np.ndarray:
        held.append(ONE_AT_A_TIME.locked())
        return np.zeros((8, 8), np.uint8)

    paper = np.full((2600, 2600, 3), (90, 80, 70), np.uint8)
    sent = Photo(file_of(Image.fromarray(paper), kind, progressive=progressive))
    monkeypatch.setattr(cv2, "imdecode", decode)
    sent.gray(640)
    assert held == [progressive] and not ONE_AT_A_TIME.locked()


def test_a_coarse_picture_is_the_mean_of_what_a_closer_look_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1203, 1604), np.uint8)
    sent = Photo(file_of(Image.fromarray(noise), "JPEG"))
    decode = Mock(side_effect=cv2.imdecode)
    monkeypatch.setattr(cv2, "imdecode", decode)
    coarse = sent.coarse(240, finer=1600)
    assert coarse is not None
    assert coarse.shape == (200, 267)
    full = sent.gray(1604)[:1200, :1602].reshape(200, 6, 267, 6)
    assert np.abs(coarse - full.mean(axis=(1, 3))).max() <= 1
    assert decode.call_count == 1
    assert sent.coarse(803, finer=1600) is None


def test_the_white_rim_of_a_sticker_is_no_ink() -> None:
    digit = write(blank(200, 200, 255), "4", at=(70, 50), height=100, ink=0)
    rim = cv2.dilate((digit < 128).astype(np.uint8), np.ones((25, 25), np.uint8)) * 255
    sticker = np.dstack([digit, digit, digit, rim])
    coded = cv2.imencode(".png", sticker)[1].tobytes()
    assert (np.abs(Photo(coded).gray(640).astype(int) - digit) < 20).all()
