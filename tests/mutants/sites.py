"""The places in a function where a node can be replaced, and the lines that run with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

NOT_RUN = {"annotation", "returns", "type_comment", "format_spec", "decorator_list", "type_params"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Step(NamedTuple):
    """The way from a node to one child; place: None if the field holds a single node."""

    field: str
    place: int | None


class Located(NamedTuple):
    """The first and the last node of the source text that a replacement changes."""

    first: ast.expr | ast.stmt | ast.pattern | ast.excepthandler
    last: ast.expr | ast.stmt | ast.pattern | ast.excepthandler


class Site(NamedTuple):
    """A node that can be replaced.

    lines: those of the statement that holds the node, without the statements inside it. text: the
    part of the source that a report shows as changed.
    """

    parent: ast.AST
    step: Step
    node: ast.AST
    lines: frozenset[int]
    text: Located

    @property
    def line(self) -> int:
        return self.text.first.lineno


def sites_in(function: Function) -> Iterator[Site]:
    """Return the sites of a function's body in the order of the source; its docstring is none."""
    for index, statement in enumerate(function.body):
        yield from sites_below(function, Step("body", index), statement, frozenset())


def sites_below(
    parent: ast.AST, step: Step, node: ast.AST, lines: frozenset[int]
) -> Iterator[Site]:
    """Return the site of a node and of everything inside it."""
    if is_left_out(parent, step, node):
        return
    lines = lines_of(node) or lines
    if (text := text_of(node)) is not None:
        yield Site(parent, step, node, lines_of_site(node) or lines, text)
    for child_step, child in children_of(node):
        yield from sites_below(node, child_step, child, lines)


def children_of(node: ast.AST) -> Iterator[tuple[Step, ast.AST]]:
    for field, value in ast.iter_fields(node):
        if field in NOT_RUN:
            continue
        if isinstance(value, ast.AST):
            yield Step(field, None), value
        elif isinstance(value, list):
            for index, child in enumerate(cast("list[object]", value)):
                if isinstance(child, ast.AST):
                    yield Step(field, index), child


def is_left_out(parent: ast.AST, step: Step, node: ast.AST) -> bool:
    """Return whether a node is only there for readers or type checkers: no test need notice it."""
    match parent, node:
        case _, ast.Expr(value=ast.Constant()):
            return True  # a docstring, or `...`
        case _, ast.If(test=test) if is_type_checking(test):
            return True
        case ast.Assert(), _:
            return step.field == "msg"
        case ast.JoinedStr(), ast.Constant():
            return True
        case ast.Compare(ops=[ast.Is() | ast.IsNot()]), ast.Constant():
            return True  # `is not None` becomes `is None`, and nothing else can stand there
        case ast.Call(func=ast.Name("cast")), _:
            return step == Step("args", 0)
        case ast.Call(func=ast.Name(name)), ast.Constant(value=str()):
            return name.endswith(("Error", "Exception"))  # the message
        case _:
            return False


def is_type_checking(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def lines_of(node: ast.AST) -> frozenset[int]:
    """Return the lines of a statement or a clause, without those of the statements inside it."""
    body: Sequence[ast.AST] = getattr(node, "body", [])
    match node:
        case ast.Try():
            return frozenset()
        case ast.match_case(pattern=placed) | (ast.stmt() | ast.ExceptHandler() as placed):
            last = placed.end_lineno or placed.lineno
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                last = max(placed.lineno, body[0].lineno - 1)
            return frozenset(range(placed.lineno, last + 1))
        case _:
            return frozenset()


def lines_of_site(node: ast.AST) -> frozenset[int]:
    """Return the lines that run what is replaced, where they are not those of the statement."""
    match node:
        case ast.Try(finalbody=[first, *_]):
            return lines_of(first)
        case _:
            return frozenset()


def text_of(node: ast.AST) -> Located | None:
    """Return the part of the source that changes when a node is replaced."""
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return Located(test, test)
        case ast.match_case(pattern=pattern, guard=guard):
            return Located(pattern, guard or pattern)
        case ast.ExceptHandler(body=[first, *_, last]) | ast.Try(finalbody=[first, *_, last]):
            return Located(first, last)
        case ast.ExceptHandler(body=[only]) | ast.Try(finalbody=[only]):
            return Located(only, only)
        case ast.comprehension(ifs=[first, *_] as conditions):
            return Located(first, conditions[-1])
        case ast.expr() | ast.stmt():
            return Located(node, node)
        case _:
            return None
