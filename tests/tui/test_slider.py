"""The slider: every position of the log can be reached, by keys and by dragging, and none else."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from airbook.application.as_of import Moment
from airbook.tui.screens.dashboard import Dashboard
from airbook.tui.widgets.slider import SPEEDS, Slider
from tests.cli.play import Home
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, moment
from tests.tui.screen import Player, dashboard, played

HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)


async def drag(one: Player[Dashboard], *cells: int) -> None:
    """Take hold of the slider at a cell of its track, pull it over others, and let go."""
    slider = one.screen.slider
    await one.pilot.mouse_down(slider, (1 + cells[0], 1))
    for cell in cells[1:]:
        await one.pilot.hover(slider, (1 + cell, 1))
    await one.pilot.mouse_up(slider, (1 + cells[-1], 1))
    await one.settle()


@played
async def test_keys_move_it_within_the_log(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.press("t")
        places = list[int]()
        keys = "left left h right l l l l home left right G right g end shift+left pageup pagedown"
        for key in keys.split():
            await one.press(key)
            await one.settle()
            assert one.screen.as_of == one.screen.slider.place
            places.append(one.screen.slider.place)
        assert places[:15] == [17, 16, 15, 16, 17, 18, 18, 18, 0, 0, 1, 18, 18, 0, 18]
        assert places[15:] == [*sorted(places[15:17], reverse=True), places[17]]
        assert places[16] < places[15] < HEAD


@played
async def test_it_says_where_one_is(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.press("t", "left")
        await one.settle()
        await one.shows("AS OF 17, 2026-11-22 09:00:00  read-only")
        where = one.text(one.screen.slider)[0]
        assert where.split("  ")[0] == " Position 17 of 18, 2026-11-22 09:00:00"
        assert where.endswith("speed 1/s")
        await one.press("home")
        await one.settle()
        await one.shows("AS OF 0, -", "Position 0 of 18, -")


@played
async def test_it_is_drawn_in_ascii(five_seats: Home):
    async with dashboard(five_seats, ascii=True) as one:
        await one.press("t", "home")
        await one.settle()
        assert one.text(one.screen.slider)[1].strip() == "O" + "." * 77
        await one.press("end", "left")
        await one.settle()
        assert one.text(one.screen.slider)[1].strip() == "#" * 73 + "O" + "." * 4
        assert one.display.isascii()


@played
async def test_it_is_dragged(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.press("t")
        places = list[int | None]()
        for cells in ([0], [77], [77, 60, 0], [0, 39], [0, 39, 200]):
            await drag(one, *(min(cell, 77) for cell in cells))
            places.append(one.screen.as_of)
        assert places == [0, HEAD, 0, HEAD // 2, HEAD]
        await one.pilot.hover(one.screen.slider, (10, 1))
        await one.settle()
        assert one.screen.as_of == HEAD


@played
async def test_it_plays_to_the_end_and_stops(five_seats: Home):
    async with dashboard(five_seats) as one:
        slider = one.screen.slider
        await one.press("t", "plus", "plus", "equals_sign", "plus", "minus", "home", "space")
        assert (slider.speed, slider.playing) == (10, True)
        await one.shows("playing, 10/s")
        await one.until(lambda: one.screen.as_of == HEAD and not slider.playing)
        await one.press("space")
        assert slider.playing
        await one.until(lambda: 0 < slider.place < HEAD)
        await one.press("space")
        place = slider.place
        await one.press("left")
        assert (slider.playing, slider.place) == (False, place - 1)


@played
async def test_it_plays_as_fast_as_it_says_and_no_faster(five_seats: Home):
    async with dashboard(five_seats) as one:
        slider = one.screen.slider
        await one.press("t")
        for key, speeds in (("plus", SPEEDS[1:]), ("minus", SPEEDS[-2::-1])):
            for speed in speeds:
                await one.press(key)
                assert slider.speed == speed
            await one.press(key)
            assert slider.speed == speeds[-1]
        await one.press("home")
        slider.playing = True
        places = list[int]()
        for _ in range(25):
            slider._step()
            places.append(slider.place)
        assert places[-1] in {2, 3}
        assert sorted(places) == places


@played
async def test_what_is_stored_meanwhile_makes_it_longer_and_moves_nothing(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.press("t", "left")
        five_seats("reserve", "1", "--customer", "kim")
        await one.until(lambda: one.screen.slider.head == HEAD + 1)
        await one.settle()
        assert (one.screen.as_of, one.screen.slider.place) == (HEAD - 1, HEAD - 1)
        await one.shows("Position 17 of 19")
        await one.press("end")
        await one.settle()
        assert one.screen.as_of == HEAD + 1


@played
async def test_a_moment_is_asked_for(five_seats: Home):
    positions = {
        "7": 7,
        "0": 0,
        "18": 18,
        moment(5).isoformat(timespec="milliseconds"): 5,
        "2026-11-22T08:59": 0,
        "2027-01-01": 18,
    }
    async with dashboard(five_seats) as one:
        await one.press("t")
        for typed, position in positions.items():
            await one.press("at")
            await one.shows("Go to a moment")
            await one.type(typed)
            await one.press("enter")
            await one.until(lambda: one.app.screen is one.screen)
            await one.settle()
            assert (one.screen.as_of, one.screen.slider.place) == (position, position)
            assert isinstance(one.screen.focused, Slider)


@played
async def test_a_moment_that_cannot_be_is_refused(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.press("t", "left", "at")
        await one.type("soon")
        await one.press("enter")
        sentence = "'soon' is neither a position nor a time like 2026-11-22T09:00 or -5m."
        await one.until(lambda: one.complaint == f"Moment: {sentence}")
        await one.hurry(*["backspace"] * 4)
        await one.type("19")
        await one.press("enter")
        await one.is_told("The log has come to position 18 only.")
        assert one.screen.as_of == HEAD - 1


@played
async def test_one_can_begin_in_the_past(five_seats: Home):
    async with dashboard(five_seats, moment=Moment(position=7)) as one:
        await one.shows("AS OF 7, 2026-11-22 09:00:00  read-only", "6  received")
        await one.until(lambda: isinstance(one.screen.focused, Slider))
    async with dashboard(five_seats, moment=Moment(position=70)) as one:
        await one.is_told("The log has come to position 18 only.")
        await one.shows("LIVE", "5  approved")
