"""PTB's requests through aiohttp: with many at once, one costs a tenth of the time of httpx's."""

import io
import json
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram.error import BadRequest, NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

TIMEOUT = 20.0  # s to connect, and to wait for an answer or its next piece
POOL_TIMEOUT = 60.0  # s a request waits for a connection
BODY_MAX = 21 << 20  # bytes of an answer or a file; Telegram gives bots files of at most 20 MB
TOO_BIG = "file is too big"  # as Telegram words it
SENDING = 60.0  # s a picture may be on its way
# Where these are the cause, nothing was sent.
UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class AiohttpRequest(BaseRequest):
    """At most so many `connections` at once; more requests wait for one."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds; PTB adds to them the time that a poll waits for news."""
        return TIMEOUT

    async def initialize(self) -> None:
        """Open the session; connections are made when they are needed."""
        if self._session is None:
            # The certificates that PTB brings: not every system has some.
            trusted = httpx.create_ssl_context()
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=trusted),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return status and body; raises NetworkError, also where another than Telegram answers.

        Only polling asks for a timeout of its own.
        """
        if self._session is None:
            raise RuntimeError("this request is not initialized")
        read = TIMEOUT if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = aiohttp.ClientTimeout(
            total=POOL_TIMEOUT + SENDING + read,
            connect=POOL_TIMEOUT,
            sock_connect=TIMEOUT,
            sock_read=read,
        )
        try:
            async with self._session.request(
                *(method, url),
                data=_form(request_data),
                proxy=_proxy(*urlsplit(url)[:2]),
                timeout=timeout,
                allow_redirects=False,
            ) as answer:
                status, body = answer.status, await _read(answer)
        except aiohttp.ClientConnectorError as error:  # its words name the host, and no more
            raise NetworkError(str(error)) from error
        except TimeoutError as error:  # aiohttp's words may hold the URL, and so the token
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error
        if method == "POST" and not is_telegrams(body):
            raise NetworkError(f"not Telegram's answer, perhaps a proxy's: HTTP status {status}")
        return status, body


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """The whole body; raises BadRequest as soon as it is longer than BODY_MAX."""
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > BODY_MAX:
            raise BadRequest(TOO_BIG)
    return bytes(body)


def is_telegrams(body: bytes) -> bool:
    """Whether it is the JSON object with which the Bot API answers each method.

    https://core.telegram.org/bots/api#making-requests
    """
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and ("result" if answer.get("ok") else "description") in answer


@cache
def _proxy(scheme: str, server: str) -> str | None:
    """What HTTPS_PROXY and its like say; aiohttp would ask the system again at each call."""
    return None if proxy_bypass(server) else getproxies().get(scheme)


def _form(data: RequestData | None) -> aiohttp.FormData | None:
    if data is None:
        return None
    form = aiohttp.FormData(data.json_parameters)
    for field, (name, content, kind) in (data.multipart_data or {}).items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(field, file, filename=name, content_type=kind)
    return form
