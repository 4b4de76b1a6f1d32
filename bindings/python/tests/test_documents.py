"""How documents are passed in, and where findings are in them."""

import array
import json
import threading
from typing import Any

import pytest

import callagent

UPDATE = '{"llmModel": "gpt-5"}'
# Two violations after characters of one, two, three and four bytes.
WIDE = '{"name": "aé€😀", "llmModel": "gpt-6", "größe": 1}'


@pytest.mark.parametrize("document", [UPDATE, UPDATE.encode(), bytearray(UPDATE.encode()), memoryview(UPDATE.encode())])
def test_text_is_accepted_in_all_its_types(document: Any) -> None:
    assert callagent.check(document).clean
    assert callagent.is_valid(document)
    assert callagent.loads(document) == json.loads(UPDATE)


def test_subclasses_are_read_as_what_they_are() -> None:
    class Shouting(str):
        def encode(self, *_: object) -> bytes:
            raise AssertionError("a method of the subclass is not called")

    assert callagent.is_valid(Shouting(UPDATE))
    assert callagent.check(Shouting('{"a": "\ud800"}')).violations[0].code == "malformed"


def test_a_memoryview_need_not_be_contiguous() -> None:
    doubled = b"".join(bytes([byte]) * 2 for byte in UPDATE.encode())
    assert callagent.is_valid(memoryview(doubled)[::2])
    assert callagent.is_valid(memoryview(array.array("B", UPDATE.encode())))
    released = memoryview(b"{}")
    released.release()
    with pytest.raises(ValueError, match="released"):
        callagent.check(released)


@pytest.mark.parametrize("document", [{}, [UPDATE], None, 1, array.array("B", b"{}"), object()])
def test_anything_else_is_a_type_error(document: Any) -> None:
    for function in (callagent.check, callagent.is_valid, callagent.loads, callagent.mask, callagent.Reader().fix):
        with pytest.raises(TypeError, match="expected JSON text as `str`, `bytes`, `bytearray` or `memoryview`, found"):
            function(document)
    with pytest.raises(TypeError, match="expected JSON text"):
        callagent.apply("{}", document)


def test_kinds() -> None:
    assert callagent.check("{}", "agent").valid and not callagent.check("{}", "update").valid
    assert callagent.check("{}", kind="agent").kind == "agent"
    for kind in ("updates", "", "Update", "\ud800", "a\0b"):
        with pytest.raises(ValueError, match="unknown kind of document .*; expected `update` or `agent`"):
            callagent.check("{}", kind)  # type: ignore[arg-type]
    for other in (None, 1, b"update"):
        with pytest.raises(TypeError, match="`kind`: expected a `str`, found"):
            callagent.check("{}", other)  # type: ignore[arg-type]


def test_places_are_those_of_the_object_that_was_passed_in() -> None:
    found = callagent.check(WIDE)
    assert [WIDE[one.offset : one.offset + one.length] for one in found] == ['"gpt-6"', '"größe"']
    for document in (WIDE.encode(), bytearray(WIDE.encode()), memoryview(WIDE.encode())):
        found = callagent.check(document)
        texts = [bytes(document[one.offset : one.offset + one.length]).decode() for one in found]
        assert texts == ['"gpt-6"', '"größe"']


def test_lines_and_columns_are_the_same_for_all_types() -> None:
    document = '{\n  "é": "😀", "x": 1}'
    for text in (document, document.encode()):
        assert [(found.line, found.column) for found in callagent.check(text)] == [(1, 1), (2, 3), (2, 13)]


def test_suggestions_are_in_the_same_units() -> None:
    document = '{"name": "é😀", "llm_model": "gpt-5"}'
    for text, named in ((document, '"llm_model"'), (document.encode(), b'"llm_model"')):
        suggestion = next(found.suggestion for found in callagent.Reader(suggest=True).check(text) if found.suggestion)
        assert text[suggestion.offset : suggestion.offset + suggestion.length] == named and suggestion.safe


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ('{"name": "é\ud800", "llmModel": 1}', (11, 1)),
        ("\ud800", (0, 1)),
        ("\udc80{}", (0, 1)),
        ("{} é", (3, 1)),
        ("é", (0, 1)),
        ('{"é": ', (6, 0)),
        # The syntax error before it comes first.
        ('{"a" "\ud800"}', (5, 1)),
    ],
)
def test_text_that_is_not_json_is_malformed_at_its_place(document: str, place: tuple[int, int]) -> None:
    [found] = callagent.check(document)
    assert (found.code, found.offset, found.length) == ("malformed", *place)
    assert callagent.Reader().fix(document) == document
    with pytest.raises(callagent.InvalidDocument):
        callagent.loads(document)


@pytest.mark.parametrize(
    "document",
    ["", b"", " ", "\0", b"\0" * 9, "\ufeff{}", b"\xff\xfe", "[" * 1_000_000, '{"a":' * 200_000, "9" * 100_000, '"' + "\\" * 9999],
)
def test_hostile_text_is_a_violation(document: str | bytes) -> None:
    for report in (callagent.check(document), callagent.check(document, "agent")):
        assert report.violation_count == 1 and not report
        assert report.violations[0].code in ("malformed", "wrong-type")


def test_a_bytearray_may_change_meanwhile() -> None:
    size = 1_000_000
    document = bytearray(b'{"llmModel": "gpt-5", "name": "' + b"a" * size + b'"}')
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            document[100:200] = b"b" * 50
            document[100:100] = b"c" * 50

    thread = threading.Thread(target=change)
    thread.start()
    try:
        assert all(callagent.is_valid(document) for _ in range(50))
    finally:
        stop.set()
        thread.join()


def test_threads_share_a_reader_and_a_report() -> None:
    reader = callagent.Reader(suggest=True)
    large = '{"llmModel": "gpt-6", "variables": {' + ", ".join(f'"v{i}": {i}' for i in range(20_000)) + "}}"
    report = reader.check(large)
    seen: list[tuple[callagent.Violation, ...]] = []
    threads = [threading.Thread(target=lambda: seen.extend([reader.check(large).violations, report.violations])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 16 and set(seen) == {report.violations}
