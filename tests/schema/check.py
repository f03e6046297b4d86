"""Calls of the Bot API, a JSON list [method, fields] a line -> what breaks aiogram's types.

Run by the Python of the environment that `requirements.txt` beside it describes.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from aiogram import methods
from pydantic import BaseModel, ValidationError

MODELS: dict[str, type[BaseModel]] = {
    name.lower(): model
    for name, model in vars(methods).items()
    if isinstance(model, type) and issubclass(model, methods.TelegramMethod)
}


def violations(method: str, fields: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one call."""
    model = MODELS.get(method.lower())
    if model is None:
        yield f"{method}: no such method"
        return
    try:
        call = model.model_validate({name: _parsed(value) for name, value in fields.items()})
    except ValidationError as error:
        yield f"{method}: {error}"
        return
    for place in _unknown(call):
        yield f"{method}: no such field: {place}"


def _parsed(value: Any) -> Any:
    """Nested objects come as JSON in a form."""
    return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value


def _unknown(value: Any, place: str = "") -> Iterator[str]:
    """Yield the fields, at any depth, that the types do not name: aiogram lets them pass."""
    if isinstance(value, list):
        for item in value:
            yield from _unknown(item, place)
    elif isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{place}{name}"
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name), f"{place}{name}.")


def main() -> int:
    """Return 1 if a call breaks the types."""
    found = [v for line in sys.stdin for v in violations(*json.loads(line))]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
