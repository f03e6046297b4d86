"""Corrections: the latest one of a digit counts, a fifth is held out, admins exclude some."""

from pathlib import Path

from bot.store.corrections import HELD_OUT_EVERY
from tests.stores import add, store_in, teach, train


async def test_a_later_correction_replaces_an_earlier_one(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        row = await add(store, 7, 4, 0, 1)
        await store.corrections.correct(row, 2, 7)
        await store.corrections.correct(row, 0, 9)
        await store.corrections.correct(row, 2, 10)
        assert await store.corrections.of_reading(row.id) == {0: 9, 2: 10}
        kept = await store.corrections.taught()
        assert [(one.was, one.should_be, one.version) for one in kept] == [
            (1, 10, "v1"),
            (4, 9, "v1"),
        ]
        assert all(len(one.glyph) == 28 * 28 for one in kept)


async def test_a_verdict_of_right_keeps_what_was_corrected(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        row = await add(store, 7, 4)
        await store.corrections.correct(row, 0, 9)
        await store.record_verdict(row.id, right=True)
        judged = await store.reading(row.id)
        assert judged and judged.judged_right
        assert await store.corrections.of_reading(row.id) == {0: 9}


async def test_an_excluded_correction_stays_excluded_when_it_is_repeated(
    tmp_path: Path,
) -> None:
    async with store_in(tmp_path) as store:
        row = await add(store, 7, 4)
        await store.corrections.correct(row, 0, 9)
        await store.corrections.exclude([1], True)
        await store.corrections.correct(row, 0, 4)
        await store.corrections.correct(row, 0, 9)
        assert not await store.corrections.taught()


async def test_every_fifth_users_corrections_are_held_out(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        for user in range(1, 2 * HELD_OUT_EVERY + 1):
            await teach(store, user, 7, 1)
        for user in (5, 6, 5):
            await teach(store, user, 7, 1)
        held_out = {(row.user_id, row.held_out) for row in await store.corrections.taught()}
        assert {user for user, held in held_out if held} == {5, 10}
        assert len(held_out) == 2 * HELD_OUT_EVERY, "a teacher is in both parts"


async def test_of_few_users_every_fifth_correction_is_held_out(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        for _ in range(2 * HELD_OUT_EVERY):
            await teach(store, 1, 7, 1)
        rows = await store.corrections.taught()
        places = [place for place, row in enumerate(rows, start=1) if row.held_out]
        assert places == [HELD_OUT_EVERY, 2 * HELD_OUT_EVERY]
        for user in range(2, HELD_OUT_EVERY + 1):
            await teach(store, user, 7, 1)
        for _ in range(HELD_OUT_EVERY):
            await teach(store, 1, 7, 1)
        later = (await store.corrections.taught())[2 * HELD_OUT_EVERY :]
        assert {row.user_id for row in later if row.held_out} == {HELD_OUT_EVERY}


async def test_an_excluded_correction_does_not_train_and_is_listed(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        for user in (1, 2, 2, 3):
            await teach(store, user, 7, 1)
        mark = store.corrections
        assert await mark.exclude([1, 99], True) == 1
        assert await mark.exclude_users([2], True) == 2
        assert [row.id for row in await mark.taught()] == [4]
        assert await mark.exclude([2], False) == 1
        assert [row.id for row in await mark.taught()] == [2, 4]
        assert [row.id for row in await mark.page(None, 3)] == [4, 3, 2]
        assert [row.id for row in await mark.page(2, 3)] == [1]


async def test_an_approval_is_of_what_was_shown_and_ends_with_another_correction(
    tmp_path: Path,
) -> None:
    async with store_in(tmp_path) as store:
        mark = store.corrections
        for was, should_be in ((7, 1), (7, 1), (7, 2), (7, 1)):
            await teach(store, 1, was, should_be)
        assert [row.id for row in await mark.of_change(7, 1, 2)] == [1, 2]
        await mark.exclude([1], True)
        assert await mark.approve_change(7, 1, 1, 2) == 1
        assert [row.id for row in await mark.of_change(7, 1, 2)] == [4]
        assert [row.id for row in await mark.taught() if row.approved] == [2]
        reading = await store.reading(2)
        assert reading
        await mark.correct(reading, 0, 9)
        assert not any(row.approved for row in await mark.taught())


async def test_forgetting_a_user_deletes_all_of_that_users_glyphs(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        for user in (1, 2):
            await teach(store, user, 7, 1)
            await store.choose(user, language="de")
            await store.jobs.end(await train(store, user_id=user), "failed")
        await store.forget(1)
        assert [row.user_id for row in await store.corrections.taught()] == [2]
        assert await store.reading(1) is None
        async with store_in(tmp_path) as again:
            for one in (store, again):
                assert (await one.load_user(1)).language is None
                assert (await one.load_user(2)).language == "de"
        assert [job.user_id for job in await store.jobs.claim_unreported("another")] == [2]


async def test_one_change_of_label_is_set_aside_and_no_other(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        for was, should_be in ((7, 1), (7, 1), (1, 7), (7, 2)):
            await teach(store, 1, was, should_be)
        assert await store.corrections.exclude_change(7, 1) == 2
        assert await store.corrections.exclude_change(7, 1) == 0
        kept = [(row.was, row.should_be) for row in await store.corrections.taught()]
        assert kept == [(1, 7), (7, 2)]
