"""Who may talk to the server: against other web pages, rebound DNS names and other people."""

import base64
import hmac
import ipaddress
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.local.call import ApiError

CONTENT_POLICY = "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'"


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def guard(password: str) -> Middleware:
    """Without a password only this machine's own names are answered to."""
    expected = "Basic " + base64.b64encode(f"chat:{password}".encode()).decode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        host = urlsplit(f"//{request.host}").hostname or ""
        if not password and not is_loopback(host):
            raise ApiError(403, "Forbidden: unknown host")
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            raise ApiError(403, "Forbidden: other origins are refused")
        is_bot = request.path.startswith(("/bot", "/file/bot"))
        given = request.headers.get("Authorization", "")
        if password and not is_bot and not hmac.compare_digest(given, expected):
            challenge = {"WWW-Authenticate": 'Basic realm="user name: chat"'}
            raise web.HTTPUnauthorized(headers=challenge)
        return await handler(request)

    return check


@web.middleware
async def telling(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals as the Bot API words them."""
    try:
        return await handler(request)
    except ApiError as error:
        return error.response()
    except web.HTTPRequestEntityTooLarge:
        return ApiError(413, "Request Entity Too Large").response()
    except web.HTTPNotFound:
        return ApiError(404, "Not Found").response()


async def protect(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
