"""One HTTP request -> its parameters, or a refusal in Telegram's words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeGuard

from aiohttp import web
from aiohttp.web_request import FileField


class ApiError(Exception):
    """A refusal: HTTP status, Telegram's description and, after a flood, seconds to wait."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after

    @classmethod
    def bad(cls, description: str) -> "ApiError":
        return cls(400, f"Bad Request: {description}")

    def response(self) -> web.Response:
        body: dict[str, object] = {"ok": False, "error_code": self.code}
        body["description"] = self.description
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return web.json_response(body, status=self.code)


class Upload(NamedTuple):
    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Call:
    """Fields as text (nested ones as JSON text) and the uploaded files by their part's name."""

    fields: Mapping[str, str]
    uploads: Mapping[str, Upload]

    @classmethod
    async def read(cls, request: web.Request) -> "Call":
        """Take a query, a form, a multipart form or a JSON object, as Telegram does."""
        fields, uploads = dict(request.query), {}
        if request.content_type == "application/json":
            body = parse_json(await request.text() or "{}", "request")
            if not is_mapping(body):
                raise ApiError.bad("can't parse request: object expected")
            fields |= as_fields(body)
        else:
            for name, part in (await request.post()).items():
                if isinstance(part, FileField):
                    uploads[name] = Upload(part.filename, part.content_type, part.file.read())
                else:
                    fields[name] = part if isinstance(part, str) else part.decode()
        return cls(fields, uploads)

    def nested(self, item: Mapping[str, object]) -> "Call":
        """One medium of an album or an edit, with its own caption, as a call of its own."""
        return Call(as_fields(item), self.uploads)

    def text(self, name: str, default: str = "") -> str:
        return self.fields.get(name, default)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes"}

    def integer(self, name: str, default: int | None = None) -> int:
        try:
            return int(self.fields[name])
        except KeyError:
            if default is None:
                raise ApiError.bad(f"{name} is empty") from None
            return default
        except ValueError:
            raise ApiError.bad(f"{name} must be an integer") from None

    def mapping(self, name: str) -> dict[str, object]:
        value = parse_json(self.text(name) or "{}", name)
        if not is_mapping(value):
            raise ApiError.bad(f"object expected as {name}")
        return value

    def items(self, name: str) -> list[dict[str, object]]:
        value = parse_json(self.text(name) or "[]", name)
        if not isinstance(value, list) or not all(map(is_mapping, value)):
            raise ApiError.bad(f"array of objects expected as {name}")
        return value


def as_fields(item: Mapping[str, object]) -> dict[str, str]:
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in item.items()}


def parse_json(text: str, name: str) -> object:
    try:
        value: object = json.loads(text)
    except ValueError:
        raise ApiError.bad(f"can't parse {name} JSON object") from None
    return value


def is_mapping(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)
