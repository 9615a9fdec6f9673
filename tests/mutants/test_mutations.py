"""What is changed in a function, and what is left alone."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from tests.mutants.mutations import mutants_of


def changes(body: str) -> list[str]:
    """Return the mutants of a function with this body, each as its changed line."""
    source = "def function(a, b, c):\n" + indent(dedent(body), "    ")
    return [mutant.after for mutant in mutants_of(source, "module.py", "module.py")]


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("a >= b", ["a > b", "a < b"]),
        ("a == b", ["a != b"]),
        ("a is not None", ["a is None"]),
        ("a not in b", ["a in b"]),
        ("a < b <= c", ["a <= b <= c", "a >= b <= c", "a < b < c", "a < b > c"]),
        ("a + b", ["a - b"]),
        ("a * b", ["a // b"]),
        ("a << b | c", ["a << b & c", "a >> b | c"]),
        ("-a", ["a"]),
        ("not a", ["a"]),
        ("a and b", ["a or b", "b", "a"]),
        ("a or b or c", ["a and b and c", "b or c", "a or c", "a or b"]),
        ("a if b else c", ["a if True else c", "a if False else c"]),
        ("(a, 7)", ["(a, 8)", "(a, 6)"]),
        ("(a, True)", ["(a, False)"]),
        ("(a, None)", ["(a, 1)"]),
        ("(a, 'airplane')", ['(a, "airplaneXX")']),
        ("a(b, c)", ["a(c, b)"]),
        ("[a for a in b if c]", ["[a for a in b if True]"]),
    ],
)
def test_an_expression_is_changed(body: str, changed: list[str]) -> None:
    assert changes(f"return {body}") == ["return None", *(f"return {one}" for one in changed)]


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("a()", ["pass"]),
        ("raise a", ["pass"]),
        ("a.b = c", ["pass"]),
        ("a[b] = c", ["pass"]),
        ("a += b", ["pass", "a -= b"]),
        ("del a[b]", ["pass"]),
        ("yield a", ["yield None"]),
        ("if a:\n    return\nb()", ["if True:", "if False:", "pass", "pass"]),
        ("while a:\n    break", ["while False:", "pass", "continue"]),
        ("while a:\n    continue\n    b()", ["while False:", "pass", "break"]),
        ("try:\n    a = b\nexcept c:\n    a = c", ["raise"]),
        ("try:\n    a = b\nfinally:\n    a = c", ["pass"]),
        ("with suppress(c):\n    a = b", ["with suppress():"]),
        ("match a:\n    case b if c:\n        a = c", ["case b if False:", "case b if True:"]),
    ],
)
def test_a_statement_is_changed(body: str, changed: list[str]) -> None:
    assert changes(body) == changed


@pytest.mark.parametrize(
    "body",
    [
        '"""A docstring."""',
        "...",
        "a: dict[b, 7] | None",
        "if TYPE_CHECKING:\n    a()",
        "a = f'seat {b} of'",
        "a = 'All the seats are taken.'",
        "a = cast('Reason', b)",
        "a = sql.select(a).where(b, c)",
        "a = ValueError('seat')",
        "assert a, 'seat'",
        "a = b",
        "return",
    ],
)
def test_what_no_test_need_notice_is_left_alone(body: str) -> None:
    assert changes(body) == []


def test_a_change_names_its_function_its_lines_and_the_line_before() -> None:
    source = dedent("""\
        class Airplane:
            seats = 5

            @property
            def left(
                self, least: int = 0
            ) -> int:
                return (  # the seats
                    self.seats + least
                )
    """)
    none, difference = mutants_of(source, "airplane.py", "/root/airplane.py")
    assert (none.line, none.lines, none.before, none.after) == (
        8,
        frozenset({8, 9, 10}),
        "return (self.seats + least)",
        "return None",
    )
    assert (difference.line, difference.lines, difference.before, difference.after) == (
        9,
        frozenset({8, 9, 10}),
        "self.seats + least",
        "self.seats - least",
    )
    assert difference.file == "airplane.py"
    assert difference.key == ("/root/airplane.py", "Airplane.left", 4)
