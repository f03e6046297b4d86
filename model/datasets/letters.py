"""Letters of handwriting fonts -> model/data/letters.npz: glyphs that are no digits.

Debian packages with the fonts, all under the SIL Open Font License or GPL with font exception:
see FONTS. `python -m model.datasets.letters` packs them again where these packages are installed.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from preprocessing.glyph import to_mnist

FONT_FOLDER = Path("/usr/share/fonts")
FONT_SIZE = 96  # px, of a letter before `to_mnist`
PACKED = Path(__file__).parents[1] / "data" / "letters.npz"
LETTERS = (
    "ABCDEFGHJKLMNPQRTUVWXYabcdefghijkmnprtuvwxy"  # not O o I l S s Z z q, which look like digits
)
FONTS = {
    "fonts-bwht": [
        "BecauseWeBuild-Regular",
        "BecauseWeConnect-Regular",
        "BecauseWeCreate-Regular",
        "BecauseWeMentor-Regular",
        "BecauseWeOrganize-Regular",
    ],
    "fonts-dancingscript": ["DancingScript-Regular"],
    "fonts-havana": ["Havana-Regular"],
    "fonts-joscelyn": ["Joscelyn-Regular"],
    "fonts-humor-sans": ["Humor-Sans"],
    "fonts-kaushanscript": ["KaushanScript-Regular"],
    "fonts-kristi": ["Kristi"],
    "fonts-comic-neue": ["ComicNeue-Regular"],
    "fonts-leckerli-one": ["LeckerliOne-Regular"],
    "fonts-yusei-magic": ["YuseiMagic-Regular"],
}
MEASURED = {  # fonts that never train; `evaluate` measures with their letters
    "fonts-dkg-handwriting": ["dkg"],
    "fonts-breip": ["Breip"],
    "fonts-klee": ["KleeOne-Regular"],
    "fonts-rufscript": ["Rufscript010"],
}


def render(font: Path, letter: str) -> NDArray[np.uint8] | None:
    """Return the (28, 28) glyph of a letter, None where the font leaves it out."""
    picture = Image.new("L", (3 * FONT_SIZE, 3 * FONT_SIZE))
    face = ImageFont.truetype(font, FONT_SIZE)
    ImageDraw.Draw(picture).text((FONT_SIZE, FONT_SIZE), letter, fill=255, font=face)
    ink = np.asarray(picture)
    if not ink.any():
        return None
    return (to_mnist(ink) * 255).round().astype(np.uint8)


def pack(fonts: dict[str, list[str]]) -> NDArray[np.uint8]:
    """Return the glyphs of all letters of these fonts; raises OSError when one is missing."""
    glyphs = []
    for names in fonts.values():
        for name in names:
            found = next(iter(FONT_FOLDER.rglob(f"{name}.[to]tf")), None)
            if found is None:
                raise FileNotFoundError(f"no font {name} under {FONT_FOLDER}")
            glyphs += [glyph for letter in LETTERS if (glyph := render(found, letter)) is not None]
    return np.stack(glyphs)


if __name__ == "__main__":
    np.savez_compressed(PACKED, train=pack(FONTS), test=pack(MEASURED))
