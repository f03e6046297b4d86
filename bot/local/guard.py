"""Who may talk to the server: not other web pages, rebound DNS names, or other people."""

import hmac
import ipaddress
from urllib.parse import urlsplit

from aiohttp import encode_basic_auth, web
from aiohttp.typedefs import Handler, Middleware

from bot.local.call import ApiError

CONTENT_POLICY = "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'"
USER_NAME = "chat"  # what to type beside the password


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def guard(password: str) -> Middleware:
    """Without a password only this machine's own names are answered to."""
    expected = encode_basic_auth(USER_NAME, password)

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not password and not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
            raise ApiError(403, "Forbidden: unknown host")
        if urlsplit(request.headers.get("Origin", f"//{request.host}")).netloc != request.host:
            raise ApiError(403, "Forbidden: other origins are refused")
        is_bot = request.path.startswith(("/bot", "/file/bot"))  # these show their token
        given = request.headers.get("Authorization", "")
        if password and not is_bot and not hmac.compare_digest(given.encode(), expected.encode()):
            challenge = {"WWW-Authenticate": f'Basic realm="user name: {USER_NAME}"'}
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
    except (web.HTTPNotFound, web.HTTPRequestEntityTooLarge) as error:
        return ApiError(error.status, error.reason).response()


async def protect(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-cache")
