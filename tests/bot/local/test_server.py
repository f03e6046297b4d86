"""Who is let in: this machine's own page and its bot, and nobody by way of another page."""

import aiohttp
import pytest

from bot.local.server import LocalChat


async def status(server: LocalChat, path: str = "/", **headers: str) -> int:
    async with aiohttp.request("GET", server.url + path, headers=headers) as answer:
        return answer.status


async def test_own_page_is_served_with_a_strict_policy(server: LocalChat) -> None:
    async with aiohttp.request("GET", server.url) as answer:
        assert "Digits" in await answer.text()
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_rebound_names_are_refused(server: LocalChat) -> None:
    assert await status(server, Host="evil.example") == 403
    assert await status(server, Host="localhost.evil.example:80") == 403
    assert await status(server, Host="localhost") == 200


async def test_other_origins_are_refused(server: LocalChat) -> None:
    own = server.url.removeprefix("http://")
    assert await status(server, Origin="http://evil.example") == 403
    assert await status(server, Origin="null") == 403
    assert await status(server, Origin=f"http://{own.split(':')[0]}:1") == 403
    assert await status(server, Origin=server.url) == 200


async def test_other_addresses_need_a_password() -> None:
    with pytest.raises(ValueError, match="needs a password"):
        await LocalChat.start("0.0.0.0")  # noqa: S104


async def test_password_guards_the_page_and_not_the_bot() -> None:
    server = await LocalChat.start("127.0.0.1", password="open sesame")
    try:
        good, bad = (aiohttp.encode_basic_auth("chat", word) for word in ("open sesame", "open"))
        assert await status(server) == 401
        assert await status(server, "/chat/events", Authorization=bad) == 401
        assert await status(server, Authorization=good) == 200
        assert await status(server, f"/bot{server.token}/getMe") == 200
        assert await status(server, "/bot1000:wrong/getMe") == 401
    finally:
        await server.close()


async def test_documents_are_never_shown_as_pages(server: LocalChat) -> None:
    form = aiohttp.FormData({"user": '{"id": 1, "first_name": "Ann"}'})
    form.add_field("document", b"<script>alert(7)</script>", filename="a.html")
    async with aiohttp.request("POST", f"{server.url}/chat/sendDocument", data=form) as answer:
        assert answer.status == 200
    (file_id,) = server.world.files.by_id
    async with aiohttp.request("GET", f"{server.url}/chat/file/{file_id}") as answer:
        assert answer.content_type == "application/octet-stream"
