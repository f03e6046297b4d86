"""One HTTP request -> its parameters, or a refusal in Telegram's words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeGuard

from aiohttp import web
from aiohttp.web_request import FileField

Json = dict[str, object]


class ApiError(Exception):
    """A refusal: HTTP status, Telegram's description and, after a flood, seconds to wait."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after

    def response(self) -> web.Response:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return web.json_response(body, status=self.code)


def bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


class Upload(NamedTuple):
    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Call:
    """Fields, the nested ones perhaps as JSON text, and uploaded files by their part's name."""

    fields: Json
    uploads: Mapping[str, Upload]

    @classmethod
    async def read(cls, request: web.Request) -> "Call":
        """Take a query, a form, a multipart form or a JSON object, as Telegram does."""
        fields, uploads = dict[str, object](request.query), {}
        if request.content_type == "application/json":
            return cls(cls({"request": await request.text()}, {}).mapping("request"), {})
        for name, part in (await request.post()).items():
            if isinstance(part, FileField):
                uploads[name] = Upload(part.filename, part.content_type, part.file.read())
            else:
                fields[name] = part
        return cls(fields, uploads)

    def nested(self, item: Json) -> "Call":
        """One medium of an album or an edit, with its own caption, as a call of its own."""
        return Call(item, self.uploads)

    def text(self, name: str, default: str = "") -> str:
        return str(self.fields.get(name, default))

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes"}

    def integer(self, name: str, default: int | None = None) -> int:
        try:
            return int(self.text(name, "" if default is None else str(default)))
        except ValueError:
            raise bad(f"{name} is empty or not a number") from None

    def mapping(self, name: str) -> Json:
        value = self._parsed(name) or {}
        if not is_mapping(value):
            raise bad(f"object expected as {name.replace('_', ' ')}")
        return value

    def items(self, name: str) -> list[Json]:
        value = self._parsed(name) or []
        if not isinstance(value, list) or not all(map(is_mapping, value)):
            raise bad(f"array of objects expected as {name.replace('_', ' ')}")
        return value

    def _parsed(self, name: str) -> object:
        value = self.fields.get(name)
        try:
            return json.loads(value) if value and isinstance(value, str) else value
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None


def is_mapping(value: object) -> TypeGuard[Json]:
    return isinstance(value, dict)
