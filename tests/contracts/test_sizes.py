"""Sizes beyond which code is not read any more."""

import ast

import pytest

from tests.contracts.source import ROOT, modules, templates

MODULE_LINES, FUNCTION_LINES, PAGE_LINES, PARTIAL_LINES = 350, 50, 120, 60
PACKAGE_MODULES = 16


@pytest.mark.parametrize("folder", ["app", "tests"])
def test_no_module_is_longer_than_350_lines(folder: str) -> None:
    long = {m.name: m.text.count("\n") for m in modules(folder) if m.text.count("\n") > MODULE_LINES}
    assert not long


@pytest.mark.parametrize("folder", ["app", "tests"])
def test_no_function_is_longer_than_50_lines(folder: str) -> None:
    long = [
        f"{m.name}:{node.lineno} {node.name}"
        for m in modules(folder)
        for node in ast.walk(m.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and function_lines(node) > FUNCTION_LINES
    ]
    assert not long


def function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = (first.end_lineno or node.lineno) if is_docstring else node.lineno
    return (node.end_lineno or start) - start + 1


def test_templates_stay_within_their_size() -> None:
    long = {}
    for path in templates():
        lines = path.read_text(encoding="utf-8").count("\n")
        limit = PARTIAL_LINES if path.name.startswith("_") else PAGE_LINES
        if lines > limit and "components" not in path.parts:
            long[str(path.relative_to(ROOT))] = f"{lines} > {limit}"
    assert not long


def test_a_route_body_is_short() -> None:
    """A route parses, makes one call, responds."""
    long = []
    for module in (*modules("app/web/routes"), *modules("app/api/routes")):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef) and is_route(node):
                body = (node.end_lineno or 0) - node.body[0].lineno + 1
                if body > 25:
                    long.append(f"{module.name}:{node.lineno} {node.name} {body}")
    assert not long


def is_route(node: ast.AsyncFunctionDef | ast.FunctionDef) -> bool:
    calls = [d.func for d in node.decorator_list if isinstance(d, ast.Call)]
    return any(isinstance(c, ast.Attribute) and c.attr in {"get", "post", "put", "patch", "delete"} for c in calls)
