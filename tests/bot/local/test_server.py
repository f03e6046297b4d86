"""Access to the local chat: its own page and its bot, and no page of another origin."""

import asyncio

import aiohttp
import pytest

from bot.local.guesses import ADDRESSES_MAX, FREE, RECOVERY, Guesses
from bot.local.server import LocalChat
from bot.texts import Texts


async def status(server: LocalChat, path: str = "/", **headers: str) -> int:
    async with aiohttp.request("GET", server.url + path, headers=headers) as answer:
        return answer.status


async def test_own_page_is_served_with_a_strict_policy(server: LocalChat) -> None:
    async with aiohttp.request("GET", server.url) as answer:
        assert "Digits" in await answer.text()
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"}, "de"),
        ({"Accept-Language": "xx"}, "en"),
        ({"Accept-Language": "de", "Cookie": "digits_language=ru"}, "ru"),
        ({"Cookie": "digits_language='><script>"}, "en"),
    ],
)
async def test_page_speaks_the_language_of_its_reader(
    server: LocalChat, headers: dict[str, str], language: str
) -> None:
    async with aiohttp.request("GET", server.url, headers=headers) as answer:
        page = await answer.text()
    assert f'<html lang="{language}">' in page
    assert Texts().say(language, "page-drop-hint") in page
    assert "$" not in page and "<script>" not in page


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


async def raw_status(server: LocalChat, *headers: str) -> int:
    """Return the status of a GET with headers sent byte for byte."""
    host, port = server.runner.addresses[0][:2]
    reader, writer = await asyncio.open_connection(host, port)
    writer.write("\r\n".join(["GET / HTTP/1.1", *headers, "Connection: close", "", ""]).encode())
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(line.split()[1])


@pytest.mark.parametrize("headers", [("Host: [::1",), ("Host: localhost", "Origin: http://[")])
async def test_a_broken_host_is_a_bad_request(
    server: LocalChat, caplog: pytest.LogCaptureFixture, headers: tuple[str, ...]
) -> None:
    assert await raw_status(server, *headers) == 400
    assert not caplog.records


async def test_wrong_passwords_are_limited_by_address() -> None:
    server = await LocalChat.start("127.0.0.1", password="open sesame")
    good, bad = (aiohttp.encode_basic_auth("chat", word) for word in ("open sesame", "open"))
    try:
        assert [await status(server, Authorization=good) for _ in range(2 * FREE)] == [
            200
        ] * 2 * FREE
        tried = [await status(server, Authorization=bad) for _ in range(FREE + 2)]
        assert tried == [401] * FREE + [429] * 2
        assert await status(server, Authorization=good) == 429, (
            "else the brake can be seen through"
        )
        assert await status(server, f"/bot{server.token}/getMe") == 200
    finally:
        await server.close()


def test_a_wrong_password_expires_and_its_address_is_deleted() -> None:
    now = 0.0
    guesses = Guesses(lambda: now)
    for _ in range(FREE):
        assert guesses.has_room("a")
        guesses.add("a")
    assert not guesses.has_room("a") and guesses.has_room("b")
    now = RECOVERY
    assert guesses.has_room("a")
    for number in range(ADDRESSES_MAX):
        guesses.add(str(number))
    assert guesses.has_room("a"), "the oldest goes first"
