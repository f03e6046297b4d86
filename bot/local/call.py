"""One HTTP request as a call of the Bot API, with caller and parameters; Telegram's errors."""

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
adapter_of: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)  # cached: slow to create
BOT: Json = {"id": 1000, "is_bot": True, "first_name": "Digits", "username": "digits_local_bot"}


class User(TypedDict):
    """The sender of a call, as the page and the tests give it."""

    id: Annotated[int, Field(gt=0, lt=INT64)]
    first_name: Annotated[str, Field(max_length=64)]
    language_code: NotRequired[Annotated[str, Field(max_length=16)]]


class ApiError(web.HTTPException):
    """An error answer: HTTP status, Telegram's description and, with 429, seconds to wait."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        self.status_code = code
        body: Json = {"ok": False, "error_code": code, "description": description}
        body |= {"parameters": {"retry_after": retry_after}} if retry_after else {}
        super().__init__(text=json.dumps(body), content_type="application/json")
        self.args, self.code, self.description = (description,), code, description


def bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


class Call(NamedTuple):
    """The fields of a request, uploaded files by the names of their parts, and the sender."""

    fields: Json
    uploads: Mapping[str, FileField] = {}
    sender: Json = BOT

    @classmethod
    async def read(cls, request: web.Request) -> "Call":
        """Parse a query string, a form or a multipart form."""
        parts = {**request.query, **await request.post()}
        uploads = {name: part for name, part in parts.items() if isinstance(part, FileField)}
        return cls({name: parts[name] for name in parts if name not in uploads}, uploads)

    def get(self, name: str, kind: type[T], default: T | None = None) -> T:
        """Return a parameter as this type, decoded if it is JSON text; raises ApiError 400."""
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
