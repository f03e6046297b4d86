"""Fault injection between the bot and the local chat: floods, errors, lost answers.

faults = Faults()
server = await LocalChat.start(middleware=faults.middleware)
faults.order(Fault("sendMessage", "error", code=429, retry_after=1))
...
faults.calls  # every call the bot made, oldest first
"""

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.local.botapi import CALL
from bot.local.call import ApiError
from tests.end_to_end.rules import Rules

FILE_FIELDS = {"photo", "document"}
PAGE = "<!DOCTYPE html><html><body>Please log in to the network</body></html>"


@dataclass
class Fault:
    """A fault of the next `times` calls of `method`; -1: of all further ones.

    `method` is one of the Bot API's, "file" for downloads or "*" for all. Kinds: "error" answers
    `code`; "reset" breaks the connection; "hang" breaks it after `seconds`; "slow" answers after
    `seconds`; "cut" sends half of the body; "page" answers a proxy's HTML with `code`. A `late`
    one happens after the server has handled the call.
    """

    method: str
    kind: str = "error"
    code: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    seconds: float = 1
    times: int = 1
    late: bool = False


@dataclass
class Made:
    """A call of the bot, and the HTTP status of its answer; 0: no answer."""

    method: str
    at: float = field(default_factory=time.monotonic)
    fields: Mapping[str, object] = field(default_factory=dict)
    status: int = 0


class Faults:
    """The faults of one server; `seen`: the calls to all servers, for tests/schema."""

    seen: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        self.ordered: list[Fault] = []
        self.calls: list[Made] = []
        self.rules = Rules()

    def order(self, *faults: Fault) -> None:
        self.ordered.extend(faults)

    def clear(self) -> None:
        self.ordered.clear()

    def called(self, method: str) -> list[Made]:
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def _take(self, method: str) -> Fault | None:
        for fault in self.ordered:
            if fault.times and fault.method.lower() in (method.lower(), "*"):
                fault.times -= 1
                return fault
        return None

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        name = "file" if request.path.startswith("/file/") else request.match_info.get("method")
        if not name:
            return await handler(request)
        call = Made(name)
        self.calls.append(call)
        fault = self._take(name)
        try:
            if fault and fault.kind == "page":
                call.status = fault.code
                return web.Response(text=PAGE, status=fault.code, content_type="text/html")
            if fault and not fault.late and fault.kind != "cut":
                await _strike(fault, request)
            if name != "file":
                await self.rules.check(name, request)
            response = await handler(request)
            if fault and fault.kind == "cut":
                return await _cut(request, response)
            if fault and fault.late:
                await _strike(fault, request)
            call.status = response.status
        except ApiError as error:
            call.status = error.code
            raise
        finally:
            if CALL in request:
                call.fields, uploads = request[CALL].fields, request[CALL].uploads
                named = FILE_FIELDS & uploads.keys()  # others are named by an `attach://`
                files = {part: f"attach://{part}" for part in named}
                if call.status == 200:  # refused calls may be invalid on purpose
                    self.seen.add(json.dumps([name, {**call.fields, **files}]))
        return response


async def _strike(fault: Fault, request: web.Request) -> None:
    if fault.kind == "error":
        raise ApiError(fault.code, fault.description, fault.retry_after)
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "hang":  # or until the bot disconnects
        with suppress(TimeoutError):
            async with asyncio.timeout(fault.seconds):
                while request.transport:
                    await asyncio.sleep(0.05)
    if fault.kind in ("reset", "hang"):
        if request.transport:
            request.transport.abort()
        raise web.HTTPServiceUnavailable  # not sent, as the connection is broken; ends the call


async def _cut(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Send a Content-Length of the whole body, half of the body, and close the connection."""
    body = response.body if isinstance(response, web.Response) else b""
    whole = body if isinstance(body, bytes) else b""
    short = web.StreamResponse(headers={"Content-Length": str(len(whole))})
    await short.prepare(request)
    await short.write(whole[: len(whole) // 2])
    if request.transport:
        request.transport.close()
    return short
