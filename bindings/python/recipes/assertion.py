"""An assertion for tests: that a document is valid. It draws the violations into the document.

    def test_the_client_sends_valid_updates() -> None:
        assert_valid(client.build_update())
"""

from collections.abc import Iterator
from typing import Literal

import callagent

READER = callagent.Reader(suggest=True, limit=20)


def assert_valid(document: str | bytes, kind: Literal["update", "agent"] = "update") -> None:
    """Fails if the document has violations."""
    __tracebackhide__ = True  # pytest shows the line that calls this function.
    text = document if isinstance(document, str) else document.decode(errors="replace")
    report = READER.check(text, kind)
    if not report:
        raise AssertionError("\n".join(draw(text, report)))


def draw(text: str, report: callagent.Report) -> Iterator[str]:
    """Draws each violation below its line. Keys are masked."""
    yield str(report).split("\n")[0] + ":"
    lines = callagent.mask(text, report.kind).split("\n")
    for found in report:
        line = lines[found.line - 1]
        # A part of a long line.
        start = max(0, found.column - 61)
        width = max(1, min(found.length, len(line) - found.column + 1, 80))
        yield ""
        yield f"{found.line}:{found.column}: {found.code} at {found.pointer or 'the document'}"
        yield f"  | {line[start : start + 120]}"
        yield f"  | {' ' * (found.column - 1 - start)}{'^' * width} {found.message}"
        if found.expected and found.expected not in found.message:
            yield f"  = expected {found.expected}"
        if found.suggestion:
            yield f"  = replace it by `{found.suggestion.text}`" if found.suggestion.text else "  = remove it"
