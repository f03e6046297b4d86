"""Messages of the bot on the local chat's page, in a real browser, without a bot."""

from typing import Any

from playwright.async_api import Dialog, Page, expect

from bot.local.server import LocalChat
from tests.browser.page import (
    BUTTONS,
    answer,
    draw,
    in_browser,
    move_pen,
    say,
    switch_to,
    wait_for_commands,
    write_in_group,
)
from tests.end_to_end.chat import Chat, call, words

pytestmark = in_browser
# Waits until a click has been handled and its effect painted.
TWO_FRAMES = "() => new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))"


async def test_welcome_offers_start(page: Page, server: LocalChat, chat: Chat) -> None:
    await call(server, "setMyDescription", description="I read digits.")
    await expect(page.locator("#welcome")).to_contain_text("I read digits.")
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator("#welcome")).to_be_hidden()
    await chat.user(1).wait_for(lambda message: message["text"] == "/start")


async def test_an_answer_is_formatted_and_its_markup_is_not_executed(
    page: Page, server: LocalChat
) -> None:
    await say(page, "<img src=x onerror=alert(1)>")
    await expect(page.locator("#m1")).to_be_visible()  # before it is replied to
    text = "<b>7</b> · <i>99.3 %</i> <s>1</s> <code>&lt;b&gt;</code> <u>n</u>"
    await answer(server, text, reply_parameters={"message_id": 1})
    bubble = page.locator("#m2 .words")
    await expect(bubble).to_have_text("7 · 99.3 % 1 <b> n")
    for tag, inside in {"b": "7", "i": "99.3 %", "s": "1", "code": "<b>", "u": "n"}.items():
        await expect(bubble.locator(tag)).to_have_text(inside)
    await expect(page.locator("#m2 .quote")).to_contain_text("<img src=x onerror=alert(1)>")


async def test_edit_stays_in_place_and_keeps_the_focus(page: Page, server: LocalChat) -> None:
    await say(page, "first")
    await expect(page.locator("#m1")).to_be_visible()
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


async def test_an_own_reply_quotes_the_message_it_replies_to(
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
    thumbs_up = {"type": "emoji", "emoji": "👍"}
    await call(server, "setMessageReaction", chat_id=1, message_id=3, reaction=[thumbs_up])
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
    await wait_for_commands(page)
    await page.get_by_label("Message", exact=True).press_sequentially("/mo")
    await expect(page.get_by_role("option")).to_have_text(["/modelModel", "/moreMore"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await chat.user(1).wait_for(lambda message: message["text"] == "/more")
    text = page.get_by_label("Message", exact=True)
    for closing in ("Escape", "Tab"):
        await text.fill("a draft")
        await page.get_by_role("button", name="Commands").press("Enter")
        await expect(page.get_by_role("option")).to_have_count(3)
        await expect(text).to_be_focused()
        await expect(text).to_have_attribute("aria-activedescendant", "c0")
        await page.keyboard.press(closing)
        await expect(page.get_by_role("option")).to_have_count(0)
    await expect(text).to_have_value("a draft")
    assert [words(message) for message in chat.user(1).messages()] == ["/more"]


async def test_tab_completes_a_command_and_sends_nothing(
    page: Page, server: LocalChat, chat: Chat
) -> None:
    commands = [{"command": "retrain", "description": "Train"}]
    await call(server, "setMyCommands", commands=commands)
    await wait_for_commands(page)
    text = page.get_by_label("Message", exact=True)
    await text.press_sequentially("/retr")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(text).to_have_value("/retrain ")
    await say(page, "hello")
    await chat.user(1).wait_for(lambda message: message["text"] == "hello")
    assert [words(message) for message in chat.user(1).messages()] == ["hello"]


async def test_digits_are_copied_by_a_button(page: Page, server: LocalChat) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await say(page, "hello")
    key = {"text": "Copy", "copy_text": {"text": "40\n71"}}
    await answer(server, "40\n71", reply_markup={"inline_keyboard": [[key]]})
    await page.get_by_role("button", name="Copy", exact=True).click()
    await expect(page.locator("#toast")).to_contain_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "40\n71"


async def test_in_a_group_names_are_shown_and_the_bot_gets_only_messages_for_it(
    page: Page, server: LocalChat
) -> None:
    await say(page, "for the bot alone")
    await write_in_group(page)
    await expect(page.locator("#log li")).to_have_count(0)
    await expect(page.locator("#welcome")).to_contain_text("@digits_local_bot")
    await say(page, "hello, all")
    await switch_to(page, "Ben")
    await expect(page.locator("#log .author")).to_have_text(["Ada"])
    read_mine = "/read@digits_local_bot"
    await say(page, read_mine)
    await expect(page.locator("#log .mine .words")).to_have_text([read_mine])
    await call(server, "sendMessage", chat_id=-1, text="Reply to a photo", reply_markup=BUTTONS)
    await expect(page.locator("#log .author")).to_have_text(["Ada", "Digits"])
    await page.get_by_role("button", name="Right").click()
    await draw(page, [(0.3, 0.2), (0.7, 0.2), (0.4, 0.8)])
    await page.locator("#drawing-send").click()
    await expect(page.locator("#log .mine .words")).to_have_text([read_mine, read_mine])
    updates = (await call(server, "getUpdates", timeout=5))["result"]
    heard = [
        next(each[kind] for kind in ("message", "callback_query") if kind in each)
        for each in updates
    ]
    texts = [each.get("text") or each.get("caption") or each.get("data") for each in heard]
    assert texts == ["for the bot alone", read_mine, "r", read_mine]
    assert heard[2]["from"]["first_name"] == "Ben" and heard[2]["message"]["chat"]["id"] == -1


async def test_bars_follow_the_drawing_and_escape_keeps_it(
    page: Page, server: LocalChat, chat: Chat
) -> None:
    server.world.read_live = fake_live
    await say(page, "/draw")
    await expect(page.locator("#drawing")).to_be_visible()
    await move_pen(page, [(0.3, 0.2), (0.7, 0.2), (0.4, 0.8)])
    await expect(page.locator("#bars")).to_have_attribute("data-digit", "7")
    await expect(page.locator("#bars .best b")).to_have_text("7")
    await expect(page.locator("#bars small").filter(has_text="%")).to_have_text(
        ["<1%", "20%", "80%"]
    )
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", stay)
    await page.keyboard.press("Escape")
    await expect(page.locator("#drawing")).to_be_visible()
    assert asked, "nobody asked"
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("#bars .best")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.locator("#drawing")).to_be_hidden()
    assert not chat.user(1).messages(), "/draw went into the chat"


async def fake_live(user_id: int, drawing: bytes) -> dict[str, Any]:
    """Return a reading of 7 for any drawing."""
    shares = [0.0, 0.2, *[0.0] * 5, 0.8, 0.0, 0.0]
    seven = {"digit": 7, "unsure": False, "box": [0, 0, 9, 9], "probabilities": shares}
    return {"digits": [seven] if drawing.startswith(b"\x89PNG") else []}


async def test_command_menu_opens_beside_the_text_and_closes_outside(
    page: Page, server: LocalChat
) -> None:
    await call(server, "setMyCommands", commands=[{"command": "start", "description": "Start"}])
    await wait_for_commands(page)
    await page.get_by_label("Message", exact=True).click()
    await page.get_by_role("button", name="Commands").click()
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.evaluate(TWO_FRAMES)
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.locator("#scroll").click()
    await expect(page.get_by_role("option")).to_have_count(0)
