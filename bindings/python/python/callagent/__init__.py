"""The contract of `PUT /v1/api/agents/{agentId}`: checks documents, and reports every violation with its place.

    import callagent

    report = callagent.check('{"llmModel": "gpt-6"}')
    for violation in report.violations:
        print(violation.line, violation.column, violation)

- `check` returns a report, `is_valid` the verdict, and `loads` the document as a `dict`, or raises `InvalidDocument`.
- `check_lines` checks a file of lines on all cores.
- `apply` applies an update to an agent.
- `mask` hides the API keys of a document, to log it.
- `Reader` has options, and the methods `normalize` and `fix`.
- `callagent.models` has pydantic models, if `callagent[models]` is installed.

A kind of document is "update" for a request, which is the default, or "agent" for a response.
"""

from callagent._callagent import (
    Advisory,
    Finding,
    Reader,
    Report,
    Suggestion,
    Violation,
    apply,
    apply_stored,
    check,
    is_valid,
    loads,
    mask,
)
from callagent._errors import InvalidDocument
from callagent._lines import check_lines

__all__ = [
    "Advisory",
    "Finding",
    "InvalidDocument",
    "Reader",
    "Report",
    "Suggestion",
    "Violation",
    "apply",
    "apply_stored",
    "check",
    "check_lines",
    "is_valid",
    "loads",
    "mask",
]
