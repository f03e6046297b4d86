"""The local chat's page in a real browser; the test plays the bot by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.local.server import LocalChat
from tests.browser import (
    DESKTOP,
    PHONE,
    Scheme,
    become,
    draw,
    drop,
    needs_chromium,
    open_page,
    paste,
    pick,
    say,
)
from tests.chat import Chat, call
from tests.pictures import photo_of

pytestmark = needs_chromium

AXE = Path(__file__).parents[1] / ".axe_cache" / "package" / "axe.min.js"
BUTTONS = {"inline_keyboard": [[{"text": "Right", "callback_data": "r"}]]}
FOUR = [(0.4, 0.2), (0.35, 0.55), (0.75, 0.55)], [(0.65, 0.3), (0.65, 0.85)]


@pytest_asyncio.fixture
async def page(server: LocalChat) -> AsyncIterator[Page]:
    async with open_page(server.url) as page:
        yield page


async def answer(server: LocalChat, text: str, **fields: object) -> int:
    """Send a message to Ada in the bot's name."""
    fields = {"chat_id": 1, "text": text, "parse_mode": "HTML"} | fields
    return int((await call(server, "sendMessage", **fields))["result"]["message_id"])


async def test_welcome_offers_start(page: Page, server: LocalChat, chat: Chat) -> None:
    await call(server, "setMyDescription", description="I read digits.")
    await expect(page.locator("#welcome")).to_contain_text("I read digits.")
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator("#welcome")).to_be_hidden()
    await chat.user(1).wait_for(lambda message: message["text"] == "/start")


async def test_answer_is_formatted_and_never_run(page: Page, server: LocalChat) -> None:
    await say(page, "<img src=x onerror=alert(1)>")
    text = "<b>7</b> · <i>99.3 %</i> <s>1</s> <code>&lt;b&gt;</code> <u>n</u>"
    await answer(server, text, reply_parameters={"message_id": 1})
    bubble = page.locator("#m2 .words")
    await expect(bubble).to_have_text("7 · 99.3 % 1 <b> n")
    for tag, inside in {"b": "7", "i": "99.3 %", "s": "1", "code": "<b>", "u": "n"}.items():
        await expect(bubble.locator(tag)).to_have_text(inside)
    await expect(page.locator("#m2 .quote")).to_contain_text("<img src=x onerror=alert(1)>")


async def test_edit_stays_in_place_and_keeps_the_focus(page: Page, server: LocalChat) -> None:
    await say(page, "first")
    await answer(server, "10 %", reply_markup=BUTTONS)
    await say(page, "last")
    await page.get_by_role("button", name="Right").focus()
    await call(
        server, "editMessageText", chat_id=1, message_id=2, text="20 %", reply_markup=BUTTONS
    )
    await expect(page.locator("#log .words")).to_have_text(["first", "20 %", "last"])
    await expect(page.get_by_role("button", name="Right")).to_be_focused()
    await call(server, "editMessageText", chat_id=1, message_id=2, text="done")
    await expect(page.get_by_role("button", name="Right")).to_have_count(0)
    await expect(page.locator("#m2 .meta")).to_contain_text("edited")
    await call(server, "deleteMessage", chat_id=1, message_id=2)
    await expect(page.locator("#m2")).to_have_count(0)


async def test_tap_reaches_the_bot_and_its_answer_the_user(page: Page, server: LocalChat) -> None:
    await say(page, "hello")
    for alert, shown in ((False, "#toast"), (True, "#notice")):
        await answer(server, "7", reply_markup=BUTTONS)
        await page.get_by_role("button", name="Right").last.click()
        update = (await call(server, "getUpdates", offset=-1, timeout=5))["result"][0]
        query = update["callback_query"]
        assert query["data"] == "r"
        await call(
            server,
            "answerCallbackQuery",
            callback_query_id=query["id"],
            text="Thanks",
            show_alert=alert,
        )
        await expect(page.locator(shown)).to_contain_text("Thanks")


async def test_own_answer_quotes_what_it_answers(
    page: Page, server: LocalChat, chat: Chat
) -> None:
    await say(page, "hello")
    await answer(server, "hi")
    await page.locator("#m2").hover()
    await page.locator("#m2").get_by_role("button", name="Reply").click()
    await expect(page.locator("#reply")).to_contain_text("hi")
    await say(page, "how are you?")
    await expect(page.locator("#m3 .quote")).to_contain_text("hi")
    await expect(page.locator("#reply")).to_be_hidden()
    await call(server, "setMessageReaction", chat_id=1, message_id=3, reaction=[{"emoji": "👍"}])
    await expect(page.locator("#m3 .reaction")).to_have_text("👍")


async def test_typing_shows_until_the_answer(page: Page, server: LocalChat) -> None:
    await say(page, "hello")
    await expect(page.locator("#m1")).to_be_visible()
    await call(server, "sendChatAction", chat_id=1, action="typing")
    await expect(page.get_by_text("typing…")).to_be_visible()
    await answer(server, "7")
    await expect(page.get_by_text("typing…")).to_have_count(0)


async def test_commands_complete_by_keyboard_alone(
    page: Page, server: LocalChat, chat: Chat
) -> None:
    names = ("start", "model", "more")
    commands = [{"command": name, "description": name.title()} for name in names]
    await call(server, "setMyCommands", commands=commands)
    await page.get_by_label("Message", exact=True).press_sequentially("/mo")
    await expect(page.get_by_role("option")).to_have_text(["/modelModel", "/moreMore"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await chat.user(1).wait_for(lambda message: message["text"] == "/more")
    await page.get_by_role("button", name="Commands").press("Enter")
    await expect(page.get_by_role("option")).to_have_count(3)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)


async def test_command_menu_opens_beside_the_text_and_closes_outside(
    page: Page, server: LocalChat
) -> None:
    await call(server, "setMyCommands", commands=[{"command": "start", "description": "Start"}])
    await page.get_by_label("Message", exact=True).click()
    await page.get_by_role("button", name="Commands").click()
    await page.wait_for_timeout(300)
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.locator("#scroll").click()
    await expect(page.get_by_role("option")).to_have_count(0)


async def test_photos_arrive_by_drop_paste_and_picker_and_open_large(
    page: Page, chat: Chat
) -> None:
    await drop(page, photo_of("7"))
    await expect(page.locator("#m1 img")).to_be_visible()
    await paste(page, photo_of("8"))
    await expect(page.locator("#m2 img")).to_be_visible()
    await pick(page, photo_of("1"), photo_of("2"), photo_of("3"))
    await expect(page.locator(".album img")).to_have_count(3)
    album = [message.get("media_group_id") for message in chat.user(1).messages()]
    assert album[:2] == [None, None]
    assert len(set(album[2:])) == 1
    await page.get_by_role("button", name="Photo, open large").first.click()
    await expect(page.locator("#large")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#large")).to_be_hidden()


async def test_drawing_can_be_undone_and_sent(page: Page, chat: Chat) -> None:
    await draw(page, *FOUR)
    undo, send = page.locator("#undo"), page.locator("#drawing-send")
    await undo.click()
    await undo.click()
    await expect(send).to_be_disabled()
    await page.get_by_role("button", name="Close without sending").click()
    await draw(page, *FOUR)
    await send.click()
    message = await chat.user(1).wait_for(lambda message: "photo" in message)
    assert (message["photo"][-1]["width"], message["photo"][-1]["height"]) == (1000, 750)


async def test_others_see_their_own_chat_in_their_language(page: Page, chat: Chat) -> None:
    await say(page, "from Ada")
    await page.locator("#me").click()
    await page.get_by_label("Language").select_option("hu")
    await page.keyboard.press("Escape")
    await become(page, "Ben")
    await expect(page.locator("#log li")).to_have_count(0)
    await say(page, "from Ben")
    message = await chat.user(2).wait_for(lambda message: True)
    assert message["from"]["language_code"] == "hu"
    await become(page, "Ada")
    await expect(page.locator("#log .words")).to_have_text(["from Ada"])


async def test_page_comes_back_when_the_server_does(page: Page, server: LocalChat) -> None:
    await say(page, "before")
    await expect(page.locator("#m1")).to_be_visible()
    await server.close()
    await expect(page.get_by_text("connecting…")).to_be_visible()
    await say(page, "kept")
    await expect(page.locator("#toast")).to_contain_text("Not sent: the bot is not running")
    back = await LocalChat.start(port=int(server.url.rpartition(":")[2]))
    await expect(page.get_by_text("bot", exact=True)).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator("#log .words")).to_have_text(["kept"])
    await back.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is missing: .ci/run fetches it by npm")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_page_is_accessible_and_fits(server: LocalChat, chat: Chat, scheme: Scheme) -> None:
    ann = chat.user(1)
    await ann.photo(photo_of("7"), "a caption with " + "longword" * 12)
    await ann.document(b"x", "notes.txt")
    text = "<b>7</b> · 99 %\n<pre>" + "wide " * 30 + "</pre><a href='https://x.y'>more</a> /help"
    await answer(server, text, reply_markup=BUTTONS, reply_parameters={"message_id": 1})
    commands = [{"command": "start", "description": "Start"}]
    await call(server, "setMyCommands", commands=commands)
    for size in (PHONE, DESKTOP):
        async with open_page(server.url, size, scheme) as page:
            await page.evaluate(AXE.read_text())
            await check(page)
            for opener in ("#me", "#attach", "#draw", ".photo", "#menu"):
                await page.locator(opener).first.click()
                await check(page)
                await page.keyboard.press("Escape")


async def check(page: Page) -> None:
    """No rule of axe-core is broken and nothing is wider than the screen."""
    result = await page.evaluate("() => axe.run()")
    assert [(each["id"], each["nodes"][0]["html"]) for each in result["violations"]] == []
    for element in ("html", "#scroll"):
        wide = await page.locator(element).evaluate("e => e.scrollWidth - e.clientWidth")
        assert wide <= 0
