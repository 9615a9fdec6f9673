"""The operators: for one node of a syntax tree, the nodes that replace it, one in each mutant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
# The order of their arguments does not matter: conditions of SQL that must all be true, or any.
NOT_SWAPPED = {"max", "min", "cast", "where", "and_", "or_", "union_all"}


def replacements(node: ast.AST) -> Iterator[ast.AST]:
    """Return the nodes that may stand in the place of a node, each a different mutant."""
    match node:
        case ast.stmt():
            yield from statements(node)
        case ast.expr():
            yield from expressions(node)
        case ast.match_case():
            yield from cases(node)
        case ast.ExceptHandler(type=caught, name=name, body=body):
            if not (len(body) == 1 and is_bare_raise(body[0])):
                yield ast.ExceptHandler(caught, name, [ast.Raise()])
        case ast.comprehension(target=target, iter=iterated, ifs=[_, *_], is_async=is_async):
            yield ast.comprehension(target, iterated, [], is_async)
        case _:
            pass


def expressions(node: ast.expr) -> Iterator[ast.expr]:
    """Return what may stand in the place of an expression."""
    match node:
        case ast.Compare():
            yield from comparisons(node)
        case ast.BoolOp():
            yield from conjunctions(node)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(operator)](), right)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert(), operand=operand):
            yield operand
        case ast.IfExp(test=test, body=chosen, orelse=other):
            yield from (ast.IfExp(constant, chosen, other) for constant in other_conditions(test))
        case ast.Constant(value=value):
            yield from constants(value)
        case ast.Call():
            yield from calls(node)
        case _:
            pass


def comparisons(node: ast.Compare) -> Iterator[ast.Compare]:
    """Return a comparison with each operator replaced: the boundary moved, or the contrary."""
    for place, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            changed = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, changed, node.comparators)


def conjunctions(node: ast.BoolOp) -> Iterator[ast.expr]:
    """Return `and` for `or` and the reverse, and the same without each operand."""
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def constants(value: object) -> Iterator[ast.expr]:
    """Return other constants; a text with a space is prose, and no test need fix its wording."""
    match value:
        case bool():
            yield ast.Constant(not value)
        case int() | float():
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case str() if " " not in value:
            yield ast.Constant(value + "XX")
        case bytes():
            yield ast.Constant(value + b"XX")
        case None:
            yield ast.Constant(1)
        case _:
            pass


def calls(node: ast.Call) -> Iterator[ast.expr]:
    """Return a call with its first arguments swapped; `suppress` without what it suppresses."""
    match node:
        case ast.Call(func=ast.Name("suppress") as function):
            yield ast.Call(function, [], [])
        case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name)) if name in NOT_SWAPPED:
            pass
        case ast.Call(func=function, args=[first, second, *others], keywords=keywords) if not (
            isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
        ):
            yield ast.Call(function, [second, first, *others], keywords)
        case _:
            pass


def cases(node: ast.match_case) -> Iterator[ast.match_case]:
    """Return a case that never matches, and if it has a guard, a case without it."""
    pattern, guard, body = node.pattern, node.guard, node.body
    yield ast.match_case(pattern, ast.Constant(value=False), body)
    if guard is not None:
        yield ast.match_case(pattern, ast.Constant(value=True), body)


def statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """Return what may stand in the place of a statement."""
    if is_removable(node):
        yield ast.Pass()
    match node:
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
        case ast.Expr(value=ast.Yield(value=ast.expr() as value)) if not is_none(value):
            yield ast.Expr(ast.Yield(ast.Constant(None)))
        case ast.Return(value=ast.expr() as value) if not is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.AugAssign(target=target, op=operator, value=value):
            if type(operator) in ARITHMETIC:
                yield ast.AugAssign(target, ARITHMETIC[type(operator)](), value)
        case _:
            yield from blocks(node)


def is_removable(node: ast.stmt) -> bool:
    """Return whether a statement is there for its effect, and the others run without it."""
    match node:
        case ast.Expr(value=ast.Call() | ast.Await()):
            return True
        case ast.Raise() | ast.Delete() | ast.Continue() | ast.Break() | ast.AugAssign():
            return True
        case ast.Return(value=None):
            return True
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            return True
        case ast.AnnAssign(target=ast.Attribute() | ast.Subscript(), value=ast.expr()):
            return True
        case _:
            return False


def blocks(node: ast.stmt) -> Iterator[ast.stmt]:
    """Return a branch that is always or never taken, a loop that never runs, no `finally`."""
    match node:
        case ast.If(test=test, body=body, orelse=other):
            yield from (ast.If(constant, body, other) for constant in other_conditions(test))
        case ast.While(test=test, body=body, orelse=other) if not is_constant(test):
            yield ast.While(ast.Constant(value=False), body, other)
        case ast.Try(body=body, handlers=handlers, orelse=other, finalbody=[_, *_]):
            yield ast.Try(body, handlers, other, [ast.Pass()])
        case _:
            pass


def other_conditions(test: ast.expr) -> Iterator[ast.Constant]:
    if not is_constant(test):
        yield ast.Constant(value=True)
        yield ast.Constant(value=False)


def is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def is_bare_raise(node: ast.stmt) -> bool:
    return isinstance(node, ast.Raise) and node.exc is None
