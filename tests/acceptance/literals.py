"""The texts in Python and YAML that users read: string literals, pages of rules, help, and comments in manifests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

# A decorator whose function's docstring is printed: `@job_rule(…)`, `@click.command(…)`, `@command.group(…)`.
_PRINTED = re.compile(r"\w+_rule|(?:\w+\.)?(?:command|group)")
_COMMENT = re.compile(r"(?:^|\s)# (.*)$", re.M)


def literals(source: str) -> Iterator[str]:
    """Yield the string literals of a module; of docstrings, only those that a decorator makes visible to users.

    A value in an f-string is `…`. Literals without a space are names, not sentences.
    """
    tree = ast.parse(source)
    printed = {id(node.body[0].value) for node in ast.walk(tree) if _is_printed(node)}
    hidden = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and id(node.value) not in printed}
    texts = (_text(node) for node in _strings(tree) if id(node) not in hidden)
    yield from (text for text in texts if " " in text.strip())


def comments(manifest: str) -> str:
    """Return the comments of a YAML file as one text."""
    return "\n".join(_COMMENT.findall(manifest))


def _is_printed(node: ast.AST) -> bool:
    """Whether a function's docstring is a page or a help text."""
    if not isinstance(node, ast.FunctionDef) or ast.get_docstring(node) is None:
        return False
    makers = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
    return any(_PRINTED.fullmatch(ast.unparse(maker)) for maker in makers)


def _strings(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Yield the strings below a node; the parts of an f-string are not strings of their own."""
    if isinstance(node, ast.JoinedStr):
        yield node
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                yield from _strings(value.value)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node
    else:
        for child in ast.iter_child_nodes(node):
            yield from _strings(child)


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
