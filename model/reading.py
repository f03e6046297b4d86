"""Photo files -> lines on the terminal, for people or for programs."""

import json
from pathlib import Path

import cv2

from model.reader import Reader, Reading
from preprocessing import PhotoError


def read_files(
    photos: list[Path], model: str, root: Path | None, *, as_json: bool, sketch: Path | None
) -> int:
    """Print one line a photo and carry on after a bad one; return 1 where any was, else 0."""
    reader = Reader.load(root)
    status = 0
    for path in photos:
        try:
            reading = reader.read(path.read_bytes(), model)
        except (PhotoError, OSError) as error:
            status = 1
            found: dict[str, object] = {"error": type(error).__name__, "message": str(error)}
            line = str(error)
        else:
            found, line = as_object(reading), as_sentence(reading)
        print(
            json.dumps({"file": str(path), **found}) if as_json else f"{path}: {line}", flush=True
        )
        if sketch is not None and "error" not in found:
            from preprocessing.sketch import draw_sketch

            sketch.write_bytes(cv2.imencode(".png", draw_sketch(reading.page))[1].tobytes())
    return status


def as_object(reading: Reading) -> dict[str, object]:
    """Return what `read --json` prints of a reading, but for the file."""
    return {
        "text": reading.text,
        "unsure": reading.unsure,
        "model": reading.model,
        "version": reading.version,
        "ms": round(reading.ms, 1),
        "digits": [
            {
                "digit": digit.digit,
                "confidence": round(digit.confidence, 4),
                "box": list(digit.box),
                "top": [[number, round(share, 4)] for number, share in digit.top],
            }
            for digit in reading.digits
        ],
    }


def as_sentence(reading: Reading) -> str:
    """Return a reading for people: the digits, how sure, and the network that read."""
    least = min(digit.confidence for digit in reading.digits)
    doubt = "?" if reading.unsure else ""
    return f"{reading.text}{doubt} · {100 * least:.1f} % · {reading.model}, {reading.ms:.0f} ms"
