"""What each operation does, in a sentence."""

from __future__ import annotations

from airbook.application.text.labels import mark

SUMMARIES = {
    "airplanes": mark("List airplanes by number."),
    "airplane": mark("Show one airplane."),
    "add_airplane": mark("Add an airplane that can be booked."),
    "change_airplane": mark("Change how many seats an airplane has, or whether it is open."),
    "reservations": mark("List reservations by number."),
    "reservation": mark("Show one reservation; with Prefer: wait=2, once it is decided."),
    "history": mark("List the events of one reservation."),
    "why": mark("Explain why a reservation has its status."),
    "reserve": mark("Request a seat; with Prefer: wait=2, answer once it is decided."),
    "cancel": mark("Give a reservation back; with Prefer: wait=2, answer once its seat is free."),
    "events": mark("List events by position; with Accept: text/event-stream, hear them."),
    "status": mark("Show the counts, the daemon, the views and the store."),
}
