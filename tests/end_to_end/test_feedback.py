"""Corrections over real HTTP, by one or several taps."""

from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, Message, Person, words
from tests.end_to_end.looking import labels, picture, reading_of
from tests.pictures import photo_of
from tests.stores import store_in


async def taught(bot: BotProcess) -> list[tuple[int, int, int]]:
    """Return users' corrections as (user, was, should be)."""
    async with store_in(bot.data_dir) as store:
        rows = await store.corrections.taught()
        return [(row.user_id, row.was, row.should_be) for row in rows]


async def becomes(person: Person, answer: Message, start: str) -> Message:
    """Wait until the answer begins with `start`, and return it."""
    return await person.wait_for(
        lambda m: m["message_id"] == answer["message_id"] and words(m).startswith(start)
    )


async def shows_keys(person: Person, answer: Message) -> Message:
    """Wait until the message has the keypad, and return it."""
    return await person.wait_for(
        lambda m: m["message_id"] == answer["message_id"] and ":0:9" in str(m.get("reply_markup"))
    )


async def test_a_wrong_digit_is_corrected_then_corrected_again_then_was_right(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    await ann.tap(answer["message_id"], "✗ Wrong")
    await shows_keys(ann, answer)
    said = await ann.answer_to(await ann.tap(answer["message_id"], "1"))
    assert said["text"].startswith("Thank you")
    await becomes(ann, answer, "1 · thank you")
    said = await ann.answer_to(await ann.tap(answer["message_id"], f"is:{reading_of(answer)}:0:1"))
    assert said["text"].startswith("Thank you"), "a second tap is left without an answer"
    assert await taught(bot) == [(1, 7, 1)]
    await bot.end()
    await bot.start()  # old buttons still work
    await ann.tap(answer["message_id"], "✗ Wrong")
    await shows_keys(ann, answer)
    await ann.tap(answer["message_id"], "not a digit")
    await becomes(ann, answer, "No digit at all")
    assert await taught(bot) == [(1, 7, 10)]
    await ann.tap(answer["message_id"], "✗ Wrong")
    await shows_keys(ann, answer)
    await ann.tap(answer["message_id"], "7")
    await becomes(ann, answer, "7 · thank you")
    assert await taught(bot) == [(1, 7, 7)]


async def test_right_is_shown_in_the_answer_and_undoes_no_correction(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    await ann.tap(answer["message_id"], f"is:{reading_of(answer)}:0:1")
    await becomes(ann, answer, "1 · thank you")
    await ann.tap(answer["message_id"], "✓ Right")
    shown = await becomes(ann, answer, "1 · ✓ confirmed")
    assert labels(shown) == ["✗ Wrong", "Why?"]
    assert await taught(bot) == [(1, 7, 1)]


async def test_of_several_digits_the_wrong_one_is_picked_and_shown_marked(
    bot: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("4071")))
    marked = await picture(chat, answer)
    await ann.tap(answer["message_id"], "✗ Wrong")
    sheet = await becomes(ann, answer, "Which digit is wrong?")
    assert labels(sheet)[:4] == list("4071")
    await ann.tap(sheet["message_id"], "7")
    await becomes(ann, answer, "The 3rd digit: I read a 7. What should it be?")
    await ann.tap(answer["message_id"], "‹ Back")
    await becomes(ann, answer, "Which digit is wrong?")
    await ann.tap(answer["message_id"], "‹ Back")
    assert await picture(chat, await becomes(ann, answer, "4071")) == marked
    await ann.tap(answer["message_id"], f"pick:{reading_of(answer)}:2")
    await becomes(ann, answer, "The 3rd digit")
    await ann.tap(answer["message_id"], "9")
    corrected = await becomes(ann, answer, "4091")
    assert await picture(chat, corrected) != marked, "the picture shows the former digit"
    assert await taught(bot) == [(1, 7, 9)]
    assert [m["message_id"] for m in ann.messages()][-1] == answer["message_id"]


async def test_nobody_corrects_readings_of_others_or_unknown_ones(
    bot: BotProcess, chat: Chat
) -> None:
    ann, ben = chat.user(1), chat.user(2)
    hers = reading_of(await ann.reply_to(await ann.photo(photo_of("7"))))
    his = await ben.reply_to(await ben.photo(photo_of("4")))
    for forged in (f"right:{hers}", f"wrong:{hers}", f"pick:{hers}:0", f"is:{hers}:0:1"):
        said = await ben.answer_to(await ben.tap(his["message_id"], forged))
        assert said["alert"] and "for the person" in said["text"]
    said = await ben.answer_to(await ben.tap(his["message_id"], "is:999:0:1"))
    assert said["alert"]
    for nonsense in (f"is:{reading_of(his)}:5:1", f"is:{reading_of(his)}:0:11", "is:1:0:-1"):
        await ben.tap(his["message_id"], nonsense)
    await becomes(ben, await ben.reply_to(await ben.photo(photo_of("4"))), "4")
    assert await taught(bot) == []


async def test_forget_asks_once_and_deletes_all_of_one_user(bot: BotProcess, chat: Chat) -> None:
    ann, ben = chat.user(1), chat.user(2)
    for person in (ann, ben):
        await person.text("/model noisy")
        answer = await person.reply_to(await person.photo(photo_of("7")))
        await person.tap(answer["message_id"], f"is:{reading_of(answer)}:0:1")
        await becomes(person, answer, "1")
    asked = await ann.says(await ann.text("/forget"))
    await ann.tap(asked["message_id"], "No")
    await becomes(ann, asked, "I haven’t deleted")
    assert len(await taught(bot)) == 2
    asked = await ann.says(await ann.text("/forget"))
    await ann.tap(asked["message_id"], "Yes, delete everything")
    await becomes(ann, asked, "Done, everything")
    assert await taught(bot) == [(2, 7, 1)]
    async with store_in(bot.data_dir) as store:
        assert (await store.load_user(1)).model is None
        assert (await store.load_user(2)).model == "noisy"
        assert [await store.reading(n) is None for n in (1, 2)] == [True, False]
