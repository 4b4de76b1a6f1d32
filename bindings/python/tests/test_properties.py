"""What holds for every text, on texts made of parts that make trouble."""

import pickle
import random

import pytest

import callagent

PARTS = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    '"',
    "\\",
    "\n",
    "\r",
    "\0",
    " ",
    "é",
    "€",
    "😀",
    "\ud800",
    "\udfff",
    "\ufeff",
    "\u2028",
]
PARTS += [
    "null",
    "true",
    "-0",
    "1e400",
    "31",
    '"llmModel"',
    '"gpt-5"',
    '"name"',
    '"nmae"',
    '"x\\ud83d\\ude00"',
    '"\\ud800"',
]
PARTS += [
    '"elevenLabsApiKey"',
    '{"llmModel": "gpt-5", ',
    '"ttsModel": {"provider": "rime", ',
    '"settings": {"é": ',
    '"a": 1, ',
]


@pytest.mark.parametrize("seed", range(8))
def test_every_text_is_answered_with_places_inside_it(seed: int) -> None:
    rng = random.Random(seed)
    reader = callagent.Reader(suggest=True, tolerate_unknown_fields=bool(seed % 2), limit=seed + 1)
    for _ in range(400):
        text = "".join(rng.choices(PARTS, k=rng.randrange(24)))
        report = reader.check(text, rng.choice(["update", "agent"]))
        for found in (*report.violations, *report.advisories):
            before = text[: found.offset].split("\n")
            assert (found.line, found.column) == (len(before), len(before[-1]) + 1), (text, found)
            assert 0 <= found.length <= len(text) - found.offset, (text, found)
            if found.suggestion:
                assert found.suggestion.offset + found.suggestion.length <= len(text)
        assert len(callagent.mask(text)) == len(text)
        assert reader.is_valid(reader.fix(text)) or not reader.is_valid(text)
        assert pickle.loads(pickle.dumps(report)) == report
        in_bytes = reader.check(text.encode("utf-8", "surrogatepass"), report.kind)
        assert [(one.code, one.pointer, one.line, one.column) for one in in_bytes] == [
            (one.code, one.pointer, one.line, one.column) for one in report
        ]
