"""The mutants of one module: each function body with one node replaced, compiled."""

from __future__ import annotations

import ast
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any, NamedTuple

from tests.mutants.operators import replacements
from tests.mutants.sites import Site, Step, is_type_checking, sites_in

Function = ast.FunctionDef | ast.AsyncFunctionDef


class CodeKey(NamedTuple):
    """Identifies the code of a function that is defined in a module or in a class."""

    file: str
    qualname: str
    first_line: int


class Mutant(NamedTuple):
    """One change to one function.

    file: relative to the root of the project. line: where the change begins. lines: those that a
    test must run to notice the change. before, after: the changed lines, as one line of text.
    key: of the outermost function round the change. code: the changed code of that function.
    """

    file: str
    line: int
    lines: frozenset[int]
    before: str
    after: str
    key: CodeKey
    code: CodeType


def mutants_of(source: str, file: str, path: str) -> Iterator[Mutant]:
    """Return the mutants of a module in the order of its lines.

    source: the text of the module. file: its name in reports. path: the name in its code objects.
    """
    tree = ast.parse(source)
    original = codes_in(compile(tree, path, "exec"))
    for function, qualname in outermost_functions(tree.body):
        key = CodeKey(path, qualname, first_line(function))
        seen = [original[key]]
        for site in sites_in(function):
            for replacement in replacements(site.node):
                with replaced(site, replacement):
                    code = codes_in(compile(tree, path, "exec"))[key]
                if code in seen or code.co_freevars != seen[0].co_freevars:
                    continue  # it changes nothing, or it cannot be given to the live function
                seen.append(code)
                before, after = before_and_after(source, site, replacement)
                yield Mutant(file, site.line, site.lines, before, after, key, code)


def outermost_functions(
    body: Iterable[ast.stmt], prefix: str = ""
) -> Iterator[tuple[Function, str]]:
    """Return the functions of a module and of its classes, each with its qualified name."""
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield statement, prefix + name
            case ast.ClassDef(name=name, body=inside):
                yield from outermost_functions(inside, f"{prefix}{name}.")
            case ast.If(test=test, body=inside, orelse=other) if not is_type_checking(test):
                yield from outermost_functions([*inside, *other], prefix)
            case ast.With(body=inside):
                yield from outermost_functions(inside, prefix)
            case ast.Try(body=inside, handlers=handlers, orelse=other):
                handling = [one for handler in handlers for one in handler.body]
                yield from outermost_functions([*inside, *handling, *other], prefix)
            case _:
                pass


def first_line(function: Function) -> int:
    """Return the line at which the code of a function begins: that of its first decorator."""
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def codes_in(module: CodeType) -> dict[CodeKey, CodeType]:
    """Return the code objects of all functions of a module, the innermost too."""
    found = dict[CodeKey, CodeType]()
    waiting = [module]
    while waiting:
        code = waiting.pop()
        found[CodeKey(code.co_filename, code.co_qualname, code.co_firstlineno)] = code
        waiting += [one for one in code.co_consts if isinstance(one, CodeType)]
    return found


@contextmanager
def replaced(site: Site, replacement: ast.AST) -> Generator[None]:
    """Put another node in the place of a node, for as long as the tree is compiled."""
    # The new nodes get the line of the old one, so that every other line keeps its number.
    for node in ast.walk(replacement):
        if not hasattr(node, "lineno"):
            ast.copy_location(node, site.text.first)
    put(site.parent, site.step, replacement)
    try:
        yield
    finally:
        put(site.parent, site.step, site.node)


def put(parent: ast.AST, step: Step, node: ast.AST) -> None:
    if step.place is None:
        setattr(parent, step.field, node)
    else:
        children: list[Any] = getattr(parent, step.field)
        children[step.place] = node


def before_and_after(source: str, site: Site, replacement: ast.AST) -> tuple[str, str]:
    """Return the changed lines of the source, and the same lines with the replacement."""
    (start, end), new = site.text, written(site, replacement)
    lines = [line.encode() for line in source.splitlines()]
    changed = lines[start.lineno - 1 : end.end_lineno]
    head = changed[0][: start.col_offset]
    tail = changed[-1][end.end_col_offset :]
    return one_line(b"\n".join(changed).decode()), one_line(head.decode() + new + tail.decode())


def written(site: Site, replacement: ast.AST) -> str:
    """Return a replacement as source, with the quotes of the project."""
    match site.node, replacement:
        case ast.match_case(guard=None), ast.match_case(pattern=pattern):
            text = f"{ast.unparse(pattern)} if False"
        case _, ast.match_case(pattern=pattern, guard=ast.expr() as guard):
            text = f"{ast.unparse(pattern)} if {ast.unparse(guard)}"
        case _, ast.ExceptHandler(body=[ast.Raise()]):
            text = "raise"
        case ast.Try(), _:
            text = "pass"
        case _, ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            text = ast.unparse(test)
        case _, ast.comprehension():
            text = "True"
        case _:
            text = ast.unparse(replacement)
    return text if '"' in text else text.replace("'", '"')


def one_line(text: str) -> str:
    """Join lines; a comment behind code would hide what follows it."""
    words = (line.split("  #")[0].strip() for line in text.splitlines())
    joined = " ".join(word for word in words if word)
    for before, after in (("( ", "("), ("[ ", "["), (", )", ")"), (" )", ")"), (" ]", "]")):
        joined = joined.replace(before, after)
    return joined
