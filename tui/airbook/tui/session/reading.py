"""Asking the store: one question at a time, on a thread of its own, the latest of each name."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from textual.message import Message

from airbook.application.airbook import Airbook
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import UnreadableStream
from airbook.eventlog.records import Conflict

Answer = TypeVar("Answer")
Trouble = StoreError | Conflict | UnreadableStream | Refused
TROUBLE = (StoreError, Conflict, UnreadableStream, Refused)


class Wanted(Message):
    """A widget wants what it shows to be read again."""


class Question(NamedTuple):
    """What is asked, and who is told: either what was found, or what was in the way."""

    ask: Callable[[Airbook], Any]
    tell: Callable[[Any], object]
    fail: Callable[[Exception], object]


class Reader:
    """Answers questions in the order they came; one that is asked again meanwhile is asked once.

    The store is opened by the first question, closed after trouble with it, and opened anew.
    """

    def __init__(self, open_airbook: Callable[[], Airbook]) -> None:
        self._open_airbook = open_airbook
        self._airbook: Airbook | None = None
        self._waiting: dict[str, Question] = {}
        self._woken = threading.Condition()
        self._stopped = False

    def ask(
        self,
        name: str,
        question: Callable[[Airbook], Answer],
        tell: Callable[[Answer], object],
        fail: Callable[[Exception], object],
    ) -> None:
        """Ask, in place of what waits under the same name. tell and fail run on our thread."""
        with self._woken:
            self._waiting[name] = Question(question, tell, fail)
            self._woken.notify()

    def run(self) -> None:
        """Answer until stopped."""
        try:
            while question := self._next():
                self._answer(question)
        finally:
            self._close()

    def stop(self) -> None:
        """End `run` once it has answered."""
        with self._woken:
            self._stopped = True
            self._woken.notify()

    def _next(self) -> Question | None:
        with self._woken:
            self._woken.wait_for(lambda: self._waiting or self._stopped)
            if self._stopped:
                return None
            return self._waiting.pop(next(iter(self._waiting)))

    def _answer(self, question: Question) -> None:
        try:
            self._airbook = self._airbook or self._open_airbook()
            found = question.ask(self._airbook)
        except TROUBLE as error:
            if isinstance(error, StoreError):
                self._close()
            question.fail(error)
        except Exception as error:  # noqa: BLE001 -- a fault of ours: whoever asked ends the program
            question.fail(error)
        else:
            question.tell(found)

    def _close(self) -> None:
        if self._airbook is not None:
            with suppress(StoreError):
                self._airbook.close()
            self._airbook = None
