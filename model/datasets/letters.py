"""Letters of fonts -> model/data/letters.npz: glyphs that are no digits.

Latin letters of handwriting fonts (FONTS) and the letters of nine Indian scripts (INDIAN_FONTS),
whose loops and curls resemble those of digits. Debian packages with the fonts: FONTS under the SIL
Open Font License or the GPL with font exception, INDIAN_FONTS under the SIL Open Font License.
`python -m model.datasets.letters` packs them again where these packages are installed.
"""

import unicodedata
from collections.abc import Iterable
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
INDIAN_FONTS = {  # the package, its font, the Unicode block of its script
    "fonts-lohit-deva": ("Lohit-Devanagari", range(0x900, 0x980)),
    "fonts-lohit-beng-bengali": ("Lohit-Bengali", range(0x980, 0xA00)),
    "fonts-lohit-guru": ("Lohit-Gurmukhi", range(0xA00, 0xA80)),
    "fonts-lohit-gujr": ("Lohit-Gujarati", range(0xA80, 0xB00)),
    "fonts-lohit-orya": ("Lohit-Odia", range(0xB00, 0xB80)),
    "fonts-lohit-taml": ("Lohit-Tamil", range(0xB80, 0xC00)),
    "fonts-lohit-telu": ("Lohit-Telugu", range(0xC00, 0xC80)),
    "fonts-lohit-knda": ("Lohit-Kannada", range(0xC80, 0xD00)),
    "fonts-lohit-mlym": ("Lohit-Malayalam", range(0xD00, 0xD80)),
}
LIKE_DIGITS = "डऽङঀঙহঽৎਙਡਪઙટઠડઢપરવઽଌଠୡఽಽഺടഠഽ"  # letters that a person would take for our digits
UNLIKE_DIGITS = "౧౫౬౮౯೧೪೫೬೯௧௨௩௪௫௬௭௮௯५६७"  # digits of these scripts that resemble none of ours
STROKES = (0, 5)  # px of FONT_SIZE, added to the outlines of a letter of INDIAN_FONTS
UNASSIGNED = "\uffff"  # no font has it: drawn as the box that stands for a missing letter
MEASURED = {  # fonts that never train; `evaluate` measures with their letters
    "fonts-dkg-handwriting": ["dkg"],
    "fonts-breip": ["Breip"],
    "fonts-klee": ["KleeOne-Regular"],
    "fonts-rufscript": ["Rufscript010"],
}


def render(face: ImageFont.FreeTypeFont, letter: str, stroke: int = 0) -> NDArray[np.uint8] | None:
    """Return the (28, 28) glyph of a letter, None where the font leaves it out.

    `stroke`: px that are added to its outlines on all sides.
    """
    ink = _ink(face, letter, stroke)
    if not ink.any() or np.array_equal(ink, _ink(face, UNASSIGNED, stroke)):
        return None
    return (to_mnist(ink) * 255).round().astype(np.uint8)


def pack(fonts: dict[str, list[str]]) -> list[NDArray[np.uint8]]:
    """Return the glyphs of LETTERS in these fonts; raises OSError when one is missing."""
    faces = [load(name) for names in fonts.values() for name in names]
    return _rendered((face, letter, 0) for face in faces for letter in LETTERS)


def pack_indian() -> list[NDArray[np.uint8]]:
    """Return the glyphs of INDIAN_FONTS in each of STROKES; raises OSError when one is missing."""
    return _rendered(
        (face, chr(code), stroke)
        for name, block in INDIAN_FONTS.values()
        for face in (load(name),)
        for code in block
        if is_negative(chr(code))
        for stroke in STROKES
    )


def is_negative(letter: str) -> bool:
    """Whether a character of an Indian script looks like none of our digits."""
    if unicodedata.category(letter) == "Lo":
        return letter not in LIKE_DIGITS
    return letter in UNLIKE_DIGITS


def load(name: str) -> ImageFont.FreeTypeFont:
    """Return a font of FONT_FOLDER by its file's name; raises OSError when it is missing."""
    found = next(iter(FONT_FOLDER.rglob(f"{name}.[to]tf")), None)
    if found is None:
        raise FileNotFoundError(f"no font {name} under {FONT_FOLDER}")
    return ImageFont.truetype(found, FONT_SIZE)


def _ink(face: ImageFont.FreeTypeFont, letter: str, stroke: int) -> NDArray[np.uint8]:
    picture = Image.new("L", (3 * FONT_SIZE, 3 * FONT_SIZE))
    ImageDraw.Draw(picture).text(
        (FONT_SIZE, FONT_SIZE), letter, fill=255, font=face, stroke_width=stroke
    )
    return np.asarray(picture)


def _rendered(
    drawings: Iterable[tuple[ImageFont.FreeTypeFont, str, int]],
) -> list[NDArray[np.uint8]]:
    glyphs = (render(*drawing) for drawing in drawings)
    return [glyph for glyph in glyphs if glyph is not None]


if __name__ == "__main__":
    np.savez_compressed(
        PACKED, train=np.stack(pack(FONTS) + pack_indian()), test=np.stack(pack(MEASURED))
    )
