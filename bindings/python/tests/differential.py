"""Answers the documents of `cargo xtask differential --bindings`: a line of JSON for each line of JSON.

Offsets in the answers are in bytes.
"""

import base64
import json
import sys
from typing import Any

import callagent


def answer(question: dict[str, Any]) -> dict[str, Any]:
    text: bytes = base64.b64decode(question["base64"])
    document = text.decode() if question["string"] else text
    options, kind = question["options"], question["kind"]
    reader = callagent.Reader(
        tolerate_unknown_fields=options.get("tolerateUnknownFields", False),
        tolerate_unknown_values=options.get("tolerateUnknownValues", False),
        accept=options.get("accept", ()),
        limit=options.get("limit"),
        suggest=options.get("suggest", False),
    )

    def span(start: int, length: int) -> dict[str, int]:
        if isinstance(document, bytes):
            return {"offset": start, "length": length}
        before, within = document[:start].encode(), document[start : start + length].encode()
        return {"offset": len(before), "length": len(within)}

    def fields(finding: callagent.Finding) -> dict[str, Any]:
        suggestion = finding.suggestion
        place = span(finding.offset, finding.length)
        if finding.code == "malformed":
            # The first byte of a character, which is the whole character in a `str`.
            place["length"] = finding.length
        return {
            "code": finding.code,
            "pointer": finding.pointer,
            "line": finding.line,
            "column": finding.column,
            **place,
            "message": finding.message,
            "expected": finding.expected,
            "found": finding.found,
            "note": finding.note,
            "suggestion": suggestion
            and {**span(suggestion.offset, suggestion.length), "text": suggestion.text, "safe": suggestion.safe},
        }

    report = reader.check(document, kind)
    fixed = reader.fix(document, kind)
    try:
        normalized = reader.normalize(document, kind).decode()
    except callagent.InvalidDocument as error:
        assert error.report == report
        normalized = None
    assert report.valid == bool(report) == reader.is_valid(document, kind)
    return {
        "valid": report.valid,
        "clean": report.clean,
        "cut": report.cut,
        "violations": [fields(violation) for violation in report.violations],
        "advisories": [fields(advisory) for advisory in report.advisories],
        "fixed": base64.b64encode(fixed.encode() if isinstance(fixed, str) else fixed).decode(),
        "normalized": normalized,
    }


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
