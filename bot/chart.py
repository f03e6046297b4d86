"""Figures of several periods -> a picture of bars: what was marked wrong, by digit and version."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.figures import Figures, Share
from bot.texts import Say

NAME_WIDTH, COLUMN, MARGIN = 290, 220, 24  # px
LINE, BAR = 34, 18  # px
FONT_SIZE, SMALL = 20, 16  # px
FULL_BAR = 90  # px, the width of the largest part of the picture
VERSIONS = 8  # at most, those that read most
PAPER, INK, PALE, WRONG = "#ffffff", "#202124", "#80868b", "#d93025"


def chart(say: Say, periods: Sequence[Figures]) -> bytes:
    """Draw a PNG with a column for each period, a line for each digit and each version."""
    longest = periods[-1]
    versions = sorted(longest.by_version, key=lambda name: -longest.by_version[name].read)
    lines: list[tuple[str, list[Share]]] = [
        (str(digit), [figures.by_digit.get(digit, Share()) for figures in periods])
        for digit in range(10)
    ]
    lines += [
        (name, [figures.by_version.get(name, Share()) for figures in periods])
        for name in versions[:VERSIONS]
    ]
    width = 2 * MARGIN + NAME_WIDTH + COLUMN * len(periods)
    picture = Image.new("RGB", (width, 2 * MARGIN + LINE * (len(lines) + 3)), PAPER)
    draw = ImageDraw.Draw(picture)
    font, small = ImageFont.load_default(FONT_SIZE), ImageFont.load_default(SMALL)
    draw.text((MARGIN, MARGIN), say("stats-title"), fill=INK, font=font)
    for column, figures in enumerate(periods):
        x = MARGIN + NAME_WIDTH + column * COLUMN
        draw.text((x, MARGIN + LINE), say("stats-days", days=figures.days), fill=INK, font=font)
        text = say("stats-photos", photos=figures.photos, users=figures.users)
        draw.text((x, MARGIN + 2 * LINE), text, fill=PALE, font=small)
    most = max((share.part for _, shares in lines for share in shares), default=0) or 1
    for row, (name, shares) in enumerate(lines):
        y = MARGIN + LINE * (row + 3)
        draw.text((MARGIN, y), name, fill=INK, font=small if row > 9 else font)
        for column, share in enumerate(shares):
            _bar(draw, (MARGIN + NAME_WIDTH + column * COLUMN, y), share, most, small)
    with BytesIO() as file:
        picture.save(file, "PNG")
        return file.getvalue()


def _bar(
    draw: ImageDraw.ImageDraw,
    place: tuple[int, int],
    share: Share,
    most: float,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    x, y = place
    length = round(FULL_BAR * share.part / most)
    draw.rectangle((x, y + 2, x + length, y + 2 + BAR), fill=WRONG if share.wrong else PALE)
    text = f"{share.wrong} / {share.read}" if share.read else "-"
    draw.text((x + length + 8, y + 1), text, fill=INK if share.read else PALE, font=font)
