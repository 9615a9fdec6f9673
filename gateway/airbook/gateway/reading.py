"""Threads that ask the store: questions that wait together are answered from one snapshot."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from msgspec import Struct

from airbook.application.airbook import Airbook
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError

T = TypeVar("T")
MOST_TOGETHER = 64
MOST_REMEMBERED = 1_000
LOOK_SECONDS = 1.0  # how often an idle reader looks whether its file is still there
REMEMBERED_SECONDS = 1.0  # a name can be deleted without an event


class Question(Struct, Generic[T], frozen=True):
    """A question for the store.

    end: the time.monotonic() until which it may wait for the questions before it. key: equal keys
    stand for equal questions; None for no other.
    """

    ask: Callable[[Airbook], T]
    future: Future[T]
    end: float
    key: Hashable | None = None


class Remembered(Struct):
    """Answers that hold while the log does not grow. head: of the log when they were given."""

    head: int = -1
    until: float = 0.0
    answers: dict[Hashable, Any] = {}

    def check(self, head: int) -> None:
        """Forget the answers if the log has grown, or if they are old or many."""
        now = time.monotonic()
        if head != self.head or now > self.until or len(self.answers) > MOST_REMEMBERED:
            self.head, self.until, self.answers = head, now + REMEMBERED_SECONDS, {}


class Readers:
    """A few threads, each with an open store of its own, because `Queries` serves one thread.

    Catching up with the log costs more than most answers. So a thread catches up once, and answers
    every question that was waiting by then; and an answer that was given at the present head of the
    log is given again.
    """

    def __init__(self, open_airbook: Callable[[], Airbook], threads: int) -> None:
        """open_airbook: opens the store, once for each thread."""
        self._queue = SimpleQueue[Question[Any] | None]()
        self._threads = [
            Thread(target=self._run, args=(open_airbook(),), name=f"reader-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self, ask: Callable[[Airbook], T], end: float, key: Hashable | None = None
    ) -> Future[T]:
        """Queue a question; the future gets the answer, or what `ask` raises.

        end: see `Question`; if no thread is free by then, the future gets StoreError (store_busy).
        key: see `Question`; the answer is then an immutable value.
        """
        future = Future[T]()
        self._queue.put(Question(ask, future, end, key))
        return future

    def close(self) -> None:
        """Answer the queued questions, then end the threads."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self, airbook: Airbook) -> None:
        remembered = Remembered()
        with airbook:
            while (first := self._next(airbook)) is not None:
                group = [first, *self._queued()]
                group = [one for one in group if one.future.set_running_or_notify_cancel()]
                answer(in_time(group, airbook.store.url), airbook, remembered)

    def _next(self, airbook: Airbook) -> Question[Any] | None:
        """Wait for a question; a file that was taken away meanwhile is closed.

        A reader that kept it open would keep everybody from opening the file in its place.
        """
        while True:
            try:
                return self._queue.get(timeout=LOOK_SECONDS)
            except Empty:
                let_go_if_gone(airbook)

    def _queued(self) -> Iterator[Question[Any]]:
        for _ in range(MOST_TOGETHER - 1):
            try:
                entry = self._queue.get_nowait()
            except Empty:
                return
            if entry is None:  # the end of one thread, which is this one after the group
                self._queue.put(None)
                return
            yield entry


def in_time(group: Sequence[Question[Any]], store: str) -> Sequence[Question[Any]]:
    """Return the questions that have not waited too long; the others fail. store: its URL."""
    now = time.monotonic()
    for one in group:
        if one.end < now:
            one.future.set_exception(StoreError("store_busy", store))
    return [one for one in group if one.end >= now]


def answer(group: Sequence[Question[Any]], airbook: Airbook, remembered: Remembered) -> None:
    """Answer questions from one snapshot; if one is at fault, answer the others one by one."""
    try:
        airbook.check_is_there()
        remembered.check(airbook.log.head())
        if all(one.key in remembered.answers for one in group):
            for one in group:
                one.future.set_result(remembered.answers[one.key])
            return
        with airbook.queries.together():
            for one in group:
                settle(one, airbook, remembered)
    except BaseException as error:  # noqa: BLE001 -- the callers get it from their futures
        if isinstance(error, StoreError) and not error.passing:
            airbook.close()  # the next question opens what is there by then
            remembered.head = -1
        left = [one for one in group if not one.future.done()]
        if len(group) == 1 or isinstance(error, StoreError):
            for one in left:
                one.future.set_exception(error)
        else:
            for one in left:
                answer([one], airbook, remembered)


def let_go_if_gone(airbook: Airbook) -> None:
    """Close a store whose file was taken away or replaced."""
    try:
        if airbook.is_open:
            airbook.check_is_there()
    except StoreError:
        airbook.close()


def settle(question: Question[Any], airbook: Airbook, remembered: Remembered) -> None:
    """Answer one question; what is no refusal ends the snapshot, which translates its errors."""
    answers, key = remembered.answers, question.key
    try:
        found = answers[key] if key in answers else question.ask(airbook)
    except Refused as refusal:
        question.future.set_exception(refusal)
    else:
        if key is not None:
            answers[key] = found
        question.future.set_result(found)
