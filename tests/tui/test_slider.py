"""The slider reaches every position of the log, and no other, by keys and by dragging."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from airbook.application.as_of import Moment
from airbook.tui.screens.dashboard import Dashboard
from airbook.tui.widgets.slider import SPEEDS, Slider
from tests.support.home import Home
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, moment
from tests.tui.player import Player
from tests.tui.screen import dashboard, played

HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)


async def drag(player: Player[Dashboard], *cells: int) -> None:
    """Press the mouse on a cell of the track, drag it over others, and release it."""
    slider = player.screen.slider
    await player.pilot.mouse_down(slider, (1 + cells[0], 1))
    for cell in cells[1:]:
        await player.pilot.hover(slider, (1 + cell, 1))
    await player.pilot.mouse_up(slider, (1 + cells[-1], 1))
    await player.settle()


@played
async def test_keys_move_the_slider_within_the_log(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.press("t")
        places = list[int]()
        keys = "left left h right l l l l home left right G right g end shift+left pageup pagedown"
        for key in keys.split():
            await player.press(key)
            await player.settle()
            assert player.screen.as_of == player.screen.slider.place
            places.append(player.screen.slider.place)
        assert places[:15] == [17, 16, 15, 16, 17, 18, 18, 18, 0, 0, 1, 18, 18, 0, 18]
        assert places[15:] == [*sorted(places[15:17], reverse=True), places[17]]
        assert places[16] < places[15] < HEAD


@played
async def test_the_slider_shows_its_position_and_time(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.press("t", "left")
        await player.settle()
        await player.shows("AS OF 17, 2026-11-22 09:00:00  read-only")
        where = player.text(player.screen.slider)[0]
        assert where.split("  ")[0] == " Position 17 of 18, 2026-11-22 09:00:00"
        assert where.endswith("speed 1/s")
        await player.press("home")
        await player.settle()
        await player.shows("AS OF 0, -", "Position 0 of 18, -")


@played
async def test_the_slider_is_drawn_in_ascii(five_seats: Home):
    async with dashboard(five_seats, ascii=True) as player:
        await player.press("t", "home")
        await player.settle()
        assert player.text(player.screen.slider)[1].strip() == "O" + "." * 77
        await player.press("end", "left")
        await player.settle()
        assert player.text(player.screen.slider)[1].strip() == "#" * 73 + "O" + "." * 4
        assert player.display.isascii()


@played
async def test_the_slider_knows_the_head_that_only_a_poll_has_found(five_seats: Home):
    async with dashboard(five_seats) as player:
        player.screen.slider.head = 0  # as before the first report of the watcher
        await player.press("t", "left")
        await player.settle()
        assert (player.screen.as_of, player.screen.slider.head) == (HEAD - 1, HEAD)


@played
async def test_the_slider_is_dragged(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.press("t")
        places = list[int | None]()
        for cells in ([0], [77], [77, 60, 0], [0, 39], [0, 39, 200]):
            await drag(player, *(min(cell, 77) for cell in cells))
            places.append(player.screen.as_of)
        assert places == [0, HEAD, 0, HEAD // 2, HEAD]
        await player.pilot.hover(player.screen.slider, (10, 1))
        await player.settle()
        assert player.screen.as_of == HEAD


@played
async def test_the_slider_plays_to_the_end_and_stops(five_seats: Home):
    async with dashboard(five_seats) as player:
        slider = player.screen.slider
        # The speed is chosen before it plays: on a busy machine, it could end between two keys.
        await player.press("t", "home", "plus", "plus", "equals_sign", "plus", "minus")
        await player.shows("speed 10/s")
        await player.press("space")
        await player.until(lambda: player.screen.as_of == HEAD and not slider.playing)
        await player.press("minus", "minus", "space")
        assert (slider.speed, slider.playing) == (2, True)
        await player.shows("playing, 2/s")
        await player.until(lambda: 0 < slider.place < HEAD)
        await player.press("space")
        place = slider.place
        await player.press("left")
        assert (slider.playing, slider.place) == (False, place - 1)


@played
async def test_the_slider_plays_at_its_speed(five_seats: Home):
    async with dashboard(five_seats) as player:
        slider = player.screen.slider
        await player.press("t")
        for key, speeds in (("plus", SPEEDS[1:]), ("minus", SPEEDS[-2::-1])):
            for speed in speeds:
                await player.press(key)
                assert slider.speed == speed
            await player.press(key)
            assert slider.speed == speeds[-1]
        await player.press("home")
        slider.playing = True
        places = list[int]()
        for _ in range(25):
            slider._step()
            places.append(slider.place)
        assert places[-1] in {2, 3}
        assert sorted(places) == places


@played
async def test_new_events_make_the_slider_longer_and_do_not_move_it(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.press("t", "left")
        five_seats("reserve", "1", "--customer", "kim")
        await player.learns(HEAD + 1)
        assert (player.screen.as_of, player.screen.slider.place) == (HEAD - 1, HEAD - 1)
        await player.shows("Position 17 of 19")
        await player.press("end")
        await player.settle()
        assert player.screen.as_of == HEAD + 1


@played
async def test_a_moment_is_asked_for(five_seats: Home):
    positions = {
        "7": 7,
        "0": 0,
        "18": 18,
        moment(5).isoformat(timespec="milliseconds"): 5,
        "2026-11-22T08:59": 0,
        "2026-11-22 09:00:00.018": 18,
        "-999999d": 0,
    }
    async with dashboard(five_seats) as player:
        await player.press("t")
        for typed, position in positions.items():
            await player.press("at")
            await player.shows("Go to a moment")
            await player.type(typed)
            await player.press("enter")
            await player.until(lambda: player.app.screen is player.screen)
            await player.settle()
            assert (player.screen.as_of, player.screen.slider.place) == (position, position)
            assert isinstance(player.screen.focused, Slider)


@played
async def test_an_invalid_moment_is_refused(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.press("t", "left", "at")
        await player.type("soon")
        await player.press("enter")
        sentence = "'soon' is neither a position nor a time like 2026-11-22T09:00 or -5m."
        await player.until(lambda: player.complaint == f"Moment: {sentence}")
        await player.hurry(*["backspace"] * 4)
        await player.type("19")
        await player.press("enter")
        await player.gets_notice("The last position of the log is 18.")
        assert player.screen.as_of == HEAD - 1


@played
async def test_a_screen_can_begin_in_the_past(five_seats: Home):
    async with dashboard(five_seats, moment=Moment(position=7)) as player:
        await player.shows("AS OF 7, 2026-11-22 09:00:00  read-only", "6  received")
        await player.until(lambda: isinstance(player.screen.focused, Slider))
    async with dashboard(five_seats, moment=Moment(position=70)) as player:
        await player.gets_notice("The last position of the log is 18.")
        await player.shows("screen: live", "5  approved")
