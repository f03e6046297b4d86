"""PTB's requests over aiohttp: with many at once, each takes a tenth of httpx's CPU time."""

import io
import json
import ssl
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram.error import BadRequest, NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

TIMEOUT = 20.0  # s to connect, and between two parts of an answer
POOL_TIMEOUT = 60.0  # s that a request waits for a free connection
BODY_MAX = 21 << 20  # bytes of an answer or a file; Telegram gives bots files of at most 20 MB
TOO_BIG = "file is too big"  # as Telegram words it
SENDING = 60.0  # s to upload a picture
# Errors before the connection stands: Telegram cannot have received the request.
UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class AiohttpRequest(BaseRequest):
    """Opens at most `connections` at once; further requests wait for a free one."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds; PTB adds the time that Telegram holds a long poll open."""
        return TIMEOUT

    async def initialize(self) -> None:
        """Open the session; connections are opened when they are needed."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=certificates()),
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
        """Return status and body of an answer.

        Raises NetworkError, also if the answer is not Telegram's, and BadRequest above BODY_MAX.
        Of the timeouts only `read_timeout` is used, which PTB sets for polling.
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
        except aiohttp.ClientConnectorError as error:  # its text holds the host, not the URL
            raise NetworkError(str(error)) from error
        except TimeoutError as error:  # its text may hold the URL, and so the token
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error
        if method == "POST" and not is_telegrams(body):
            raise NetworkError(f"not Telegram's answer, perhaps a proxy's: HTTP status {status}")
        return status, body


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """Return the whole body; raises BadRequest as soon as it is longer than BODY_MAX."""
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > BODY_MAX:
            raise BadRequest(TOO_BIG)
    return bytes(body)


def is_telegrams(body: bytes) -> bool:
    """Whether a body is the JSON object with which the Bot API answers each method.

    https://core.telegram.org/bots/api#making-requests
    """
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and ("result" if answer.get("ok") else "description") in answer


@cache
def certificates() -> ssl.SSLContext:
    """Return the CA certificates that come with PTB: not every system has some.

    Cached, as reading them takes 40 ms of processor time.
    """
    return httpx.create_ssl_context()


@cache
def _proxy(scheme: str, server: str) -> str | None:
    """Return the proxy of HTTPS_PROXY and the like; cached, as aiohttp would read it each time."""
    return None if proxy_bypass(server) else getproxies().get(scheme)


def _form(data: RequestData | None) -> aiohttp.FormData | None:
    if data is None:
        return None
    form = aiohttp.FormData(data.json_parameters)
    for field, (name, content, kind) in (data.multipart_data or {}).items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(field, file, filename=name, content_type=kind)
    return form
