"""House rules a linter does not know, read from the syntax tree."""

import ast
import re
import tomllib
from collections.abc import Iterator

from tests.contracts.source import ROOT, Module, modules

STAGES = (
    "accounts", "jobs", "language", "purchases", "studies", "candidates", "interviews", "tagging", "boards", "exports",
)  # fmt: skip
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(module: Module) -> Iterator[Function]:
    yield from (n for n in ast.walk(module.tree) if isinstance(n, Function))


def called(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the dotted end of every call below a node: `db.commit()` → `commit`."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            target = call.func
            if isinstance(target, ast.Attribute):
                yield target.attr, call.lineno
            elif isinstance(target, ast.Name):
                yield target.id, call.lineno


def test_operations_and_queries_never_commit() -> None:
    found = [
        f"{m.name}:{line}"
        for stage in STAGES
        for m in modules(f"app/{stage}")
        if m.path.stem.startswith(("operations", "queries"))
        for name, line in called(m.tree)
        if name in {"commit", "rollback"}
    ]
    assert not found


def test_nothing_is_awaited_while_the_write_lock_is_held() -> None:
    """Other writers, and soon every page, stand still behind an await between BEGIN IMMEDIATE and COMMIT."""
    found = []
    for module in modules("app"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.With) and opens_write_session(node):
                found += [f"{module.name}:{line}" for line in waits(node.body)]
    assert not found


def opens_write_session(node: ast.With) -> bool:
    return any(name == "write_session" for item in node.items for name, _ in called(item.context_expr))


def waits(body: list[ast.stmt]) -> Iterator[int]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
                yield node.lineno


def test_routes_with_a_write_session_await_nothing() -> None:
    """WriteSession has begun before the body of the route runs."""
    found = []
    for module in modules("app/web/routes"):
        for function in functions(module):
            names = {ast.unparse(a.annotation) for a in function.args.args if a.annotation}
            if "WriteSession" in names:
                found += [f"{module.name}:{line}" for line in waits(function.body)]
    assert not found


def test_only_entry_points_open_write_sessions() -> None:
    allowed = (
        "app/__main__.py",
        "app/web/",
        "app/cli/",
        "app/main.py",
        "app/core/",
        "app/jobs/",
        "app/serving/",
        "app/api/",
    )
    found = [
        f"{m.name}:{line}"
        for m in modules("app")
        if not m.name.startswith(allowed) and m.path.stem not in {"tasks", "process"}
        for name, line in called(m.tree)
        if name == "write_session"
    ]
    assert not found


def test_only_the_clock_reads_the_time() -> None:
    found = [
        f"{m.name}:{node.lineno}"
        for m in modules("app")
        if m.name not in {"app/core/clock.py", "app/core/logging.py"}
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ]
    assert not found


def test_only_tagging_revises_answers() -> None:
    """Tags must move with the text: interviews.operations.revise_answer has one caller."""
    found = [
        f"{m.name}:{line}"
        for m in modules("app")
        if not m.name.startswith(("app/tagging/", "app/interviews/"))
        for name, line in called(m.tree)
        if name == "revise_answer" and "interviews" in re.findall(r"from app\.(\w+)[\w.]* import .*operations", m.text)
    ]
    assert not found


def test_no_broad_except_and_no_bare_ignore() -> None:
    found = []
    for folder in ("app", "tests", "migrations"):
        for module in modules(folder):
            for number, line in enumerate(module.text.splitlines(), 1):
                if re.search(r"except\s*(Exception|BaseException)?\s*:", line) and "raise" not in following(
                    module, number
                ):
                    found.append(f"{module.name}:{number} broad except")
                if re.search(r"#\s*type:\s*ignore(?!\[[\w, -]+\]\s+#?\s*\S)", line):
                    found.append(f"{module.name}:{number} ignore without code and reason")
    assert not [f for f in found if not f.startswith("tests/contracts/test_code.py")]


def following(module: Module, number: int) -> str:
    return "\n".join(module.text.splitlines()[number : number + 12])


def test_nothing_is_left_to_do_in_a_comment() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")  # what is looked for, not a mark itself
    found = [
        f"{m.name}:{n}"
        for folder in ("app", "tests", "migrations")
        for m in modules(folder)
        if not m.name.startswith("tests/contracts/")
        for n, line in enumerate(m.text.splitlines(), 1)
        if marks.search(line)
    ]
    assert not found


def test_tests_neither_sleep_nor_skip_silently() -> None:
    found = [
        f"{m.name}:{n}"
        for m in modules("tests")
        if not m.name.startswith(("tests/contracts/", "tests/prove/", "tests/bench/"))
        for n, line in enumerate(m.text.splitlines(), 1)
        if re.search(r"time\.sleep\(|mark\.skip|mark\.xfail|unittest\.mock|MagicMock", line)
    ]
    assert not found


def test_every_package_says_what_it_is() -> None:
    silent = [m.name for m in modules("app") if m.path.name == "__init__.py" and not ast.get_docstring(m.tree)]
    assert not silent


def test_package_inits_hold_nothing_but_their_docstring() -> None:
    full = [
        f"app/{stage}/__init__.py"
        for stage in STAGES
        for m in modules(f"app/{stage}")
        if m.path.name == "__init__.py" and m.path.parent.name == stage and len(m.tree.body) > 1
    ]
    assert not full


def test_lint_exceptions_are_few_and_each_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    config = tomllib.loads(text)
    ignored = config["tool"]["ruff"]["lint"]["ignore"]
    assert config["tool"]["ruff"]["lint"]["select"] == ["ALL"]
    assert len(ignored) <= 25
    assert not [rule for rule in ignored if not re.search(rf'"{rule}",\s+# \S+', text)]
