"""One HTTP request -> who calls, with which parameters; or a refusal as the Bot API words it."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from aiohttp import web
from aiohttp.web_request import FileField
from pydantic import TypeAdapter, ValidationError

Json = dict[str, Any]
T = TypeVar("T")
adapter_of: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)  # as they are slow to make
BOT: Json = {"id": 1000, "is_bot": True, "first_name": "Digits", "username": "digits_local_bot"}


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
            return cast(T, adapter.validate_python(value))
        except ValidationError as error:
            raise bad(f"wrong {name.replace('_', ' ')}: {error.errors()[0]['msg']}") from None
