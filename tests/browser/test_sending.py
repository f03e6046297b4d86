"""What users send, and switching between them, on the local chat's page in a real browser."""

from playwright.async_api import Page, expect

from bot.local.server import LocalChat
from tests.browser.page import (
    draw,
    drop,
    in_browser,
    paste,
    pick,
    say,
    switch_to,
    wait_until_connected,
)
from tests.end_to_end.chat import Chat
from tests.pictures import photo_of

pytestmark = in_browser
FOUR = [(0.4, 0.2), (0.35, 0.55), (0.75, 0.55)], [(0.65, 0.3), (0.65, 0.85)]


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


async def test_after_an_error_only_the_photos_that_were_not_sent_are_sent_again(
    page: Page, chat: Chat
) -> None:
    pictures = [photo_of(str(number % 10)) for number in range(11)]
    await pick(page, *pictures, b"no picture")
    await expect(page.locator("#toast")).to_contain_text("Not sent")
    await expect(page.locator("#chosen li")).to_have_count(2)
    await page.locator("#chosen li button").last.click()
    await page.locator("#sheet-send").click()
    await expect(page.locator("#sheet")).to_be_hidden()
    await chat.wait_for(lambda: len(chat.messages) == 11)


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


async def test_a_drawing_is_sent_once_however_often_it_is_pressed(page: Page, chat: Chat) -> None:
    await draw(page, *FOUR)
    await page.locator("#drawing-send").evaluate("send => { send.click(); send.click(); }")
    await expect(page.locator("#drawing")).to_be_hidden()
    await say(page, "that was all")
    await chat.user(1).wait_for(lambda message: "text" in message)
    assert sum("photo" in message for message in chat.user(1).messages()) == 1


async def test_each_user_has_a_chat_in_their_own_language(page: Page, chat: Chat) -> None:
    await say(page, "from Ada")
    await page.locator("#me").click()
    await page.get_by_label("Language").select_option("hu")
    await expect(page.locator("html")).to_have_attribute("lang", "hu")
    await wait_until_connected(page)
    await expect(page.get_by_role("button", name="Számjegyek rajzolása")).to_be_visible()
    await switch_to(page, "Ben")
    await expect(page.locator("#log li")).to_have_count(0)
    await say(page, "from Ben")
    message = await chat.user(2).wait_for(lambda message: True)
    assert message["from"]["language_code"] == "hu"
    await switch_to(page, "Ada")
    await expect(page.locator("#log .words")).to_have_text(["from Ada"])


async def test_the_page_reconnects_when_the_server_is_back(page: Page, server: LocalChat) -> None:
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
