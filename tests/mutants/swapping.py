"""Giving a mutant's code to the live functions, those behind decorators too."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable
from types import FunctionType

from tests.mutants.mutations import CodeKey, Mutant


class LiveFunctions:
    """The functions of some files that exist after the tests were imported."""

    def __init__(self, paths: Collection[str]) -> None:
        self._functions = dict[CodeKey, list[FunctionType]]()
        every: Iterable[object] = gc.get_objects()
        for one in every:
            if isinstance(one, FunctionType) and one.__code__.co_filename in paths:
                code = one.__code__
                key = CodeKey(code.co_filename, code.co_qualname, code.co_firstlineno)
                self._functions.setdefault(key, []).append(one)

    def become(self, mutant: Mutant) -> None:
        """Swap the code of a function for that of a mutant."""
        for function in self._functions[mutant.key]:
            function.__code__ = mutant.code
