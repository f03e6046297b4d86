"""One HTTP request -> who calls, with which parameters; or a refusal as the Bot API words it."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple, NotRequired, TypeVar, cast

from aiohttp import web
from aiohttp.web_request import FileField
from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

Json = dict[str, Any]
INT64 = 1 << 63  # ids and offsets are signed 64-bit integers
T = TypeVar("T")
adapter_of: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)  # as they are slow to make
BOT: Json = {"id": 1000, "is_bot": True, "first_name": "Digits", "username": "digits_local_bot"}


class User(TypedDict):
    """Who sends, as the page and the tests give it."""

    id: Annotated[int, Field(gt=0, lt=INT64)]
    first_name: Annotated[str, Field(max_length=64)]
    language_code: NotRequired[Annotated[str, Field(max_length=16)]]


class ApiError(web.HTTPException):
    """A refusal: HTTP status, Telegram's description and, after a flood, seconds to wait."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        self.status_code = code
        body: Json = {"ok": False, "error_code": code, "description": description}
        body |= {"parameters": {"retry_after": retry_after}} if retry_after else {}
        super().__init__(text=json.dumps(body), content_type="application/json")
        self.args, self.code, self.description = (description,), code, description


def bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


class Call(NamedTuple):
    """Fields as they came, uploaded files by their part's name, and the user who sent them."""

    fields: Json
    uploads: Mapping[str, FileField] = {}
    sender: Json = BOT

    @classmethod
    async def read(cls, request: web.Request) -> "Call":
        """Take a query, a form or a multipart form."""
        parts = {**request.query, **await request.post()}
        uploads = {name: part for name, part in parts.items() if isinstance(part, FileField)}
        return cls({name: parts[name] for name in parts if name not in uploads}, uploads)

    def get(self, name: str, kind: type[T], default: T | None = None) -> T:
        """A parameter of this type, nested ones perhaps as JSON text; 400 where it is not so."""
        value, adapter = self.fields.get(name, default), adapter_of(kind)
        try:
            if kind is not str and isinstance(value, str) and value.startswith(("{", "[")):
                return cast(T, adapter.validate_json(value))
            value = adapter.validate_python(value)
            if kind is int and not -INT64 <= value < INT64:
                raise bad(f"wrong {name.replace('_', ' ')}: not a 64-bit integer")
            return cast(T, value)
        except ValidationError as error:
            raise bad(f"wrong {name.replace('_', ' ')}: {error.errors()[0]['msg']}") from None
