"""Options, documents as `dict`, fixes, and updates of agents."""

import json
import pickle
from typing import Any

import pytest

import callagent

TOLERABLE = '{"llmModel": "gpt-6", "x": 1, "ttsModel": {"provider": "rime", "a/b~c": 2}, "gapBetweenEachAttemptForSmartCallback": [{"y": {}}]}'


def test_tolerances() -> None:
    assert callagent.check(TOLERABLE).violation_count == 4
    fields = callagent.Reader(tolerate_unknown_fields=True).check(TOLERABLE)
    assert [found.pointer for found in fields] == ["/llmModel"] and fields.advisory_count == 3
    choices: list[dict[str, Any]] = [{"tolerate_unknown_values": True}, {"accept": ["llmModel=gpt-6"]}, {"accept": (value for value in ["llmModel=gpt-6"])}]
    for options in choices:
        reader = callagent.Reader(tolerate_unknown_fields=True, **options)
        assert reader.is_valid(TOLERABLE) and reader.check(TOLERABLE).advisory_count == 4
        kept = {"llmModel": "gpt-6", "ttsModel": {"provider": "rime"}, "gapBetweenEachAttemptForSmartCallback": [{}]}
        assert reader.loads(TOLERABLE) == kept


def test_tolerated_fields_are_dropped_beyond_a_limit() -> None:
    document = json.dumps({"llmModel": "gpt-5", **{f"x{i}": i for i in range(9)}})
    reader = callagent.Reader(tolerate_unknown_fields=True, limit=2)
    assert reader.check(document).cut and reader.loads(document) == {"llmModel": "gpt-5"}


def test_a_limit_keeps_the_verdict_and_the_counts() -> None:
    report = callagent.Reader(limit=1).check(TOLERABLE)
    assert (report.violation_count, len(report.violations), report.cut) == (4, 1, True)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"limit": 0}, ValueError, "`limit`: expected at least 1, found 0"),
        ({"limit": -1}, ValueError, "`limit`: expected at least 1, found -1"),
        ({"limit": 10**30}, OverflowError, "too large"),
        ({"limit": "1"}, TypeError, "integer"),
        ({"limit": 1.5}, TypeError, "integer"),
        ({"accept": "llmModel=x"}, TypeError, "`accept`: expected a list of `str`, found `str`"),
        ({"accept": [1]}, TypeError, "`accept`: expected a list of `str`, found `int` in it"),
        ({"accept": 1}, TypeError, "not iterable"),
        ({"accept": ["x"]}, ValueError, "`accept`: expected FIELD=VALUE, where FIELD is `llmModel` or `provider`"),
        ({"accept": ["name=x"]}, ValueError, "`accept`: expected the field `llmModel` or `provider`, found `name`"),
        ({"suggest": 1}, TypeError, "bool"),
        ({"sugest": True}, TypeError, "sugest"),
    ],
)
def test_wrong_options(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        callagent.Reader(**options)


def test_a_reader_shows_and_pickles_its_options() -> None:
    assert repr(callagent.Reader()) == "Reader()"
    reader = callagent.Reader(tolerate_unknown_fields=True, accept=["llmModel=a'b"], limit=3, suggest=True)
    shown = """Reader(tolerate_unknown_fields=True, accept=["llmModel=a'b"], limit=3, suggest=True)"""
    assert repr(reader) == repr(pickle.loads(pickle.dumps(reader))) == shown
    assert pickle.loads(pickle.dumps(reader)).check(TOLERABLE) == reader.check(TOLERABLE)


@pytest.mark.parametrize(
    "value",
    [2**63, 2**64, -(2**63) - 1, 10**300, -(10**308), 0.1, 1e-400, 1.5e300, -0.0, "é😀\u0000", None, True, [], {}, {"": [{"a": [None]}]}],
)
def test_loads_is_json_loads(value: Any) -> None:
    document = json.dumps({"llmModel": "gpt-5", "variables": {"x": value}})
    for text in (document, document.encode()):
        loaded = callagent.loads(text)["variables"]["x"]
        assert loaded == value and type(loaded) is type(value) and repr(loaded) == repr(value)


def test_loads_of_numbers_as_they_are_spelled() -> None:
    text = '{"llmModel": "gpt-5", "variables": {"a": 1.0, "b": 1e2, "c": 30.0000000000000001, "d": -0, "e": 123456789012345678901}}'
    loaded = callagent.loads(text)
    assert loaded == json.loads(text) and repr(loaded) == repr(json.loads(text))


def test_normalize_is_compact_and_idempotent() -> None:
    text = '{ "llmModel": "gpt-5", "gapBetweenEachAttemptForSmartCallback": [ {"days": 2.0} ] }'
    normalized = callagent.Reader().normalize(text)
    assert normalized == b'{"llmModel":"gpt-5","gapBetweenEachAttemptForSmartCallback":[{"days":2,"hours":0}]}'
    assert callagent.Reader().normalize(normalized) == normalized
    with pytest.raises(callagent.InvalidDocument):
        callagent.Reader().normalize("{}")


def test_fix_returns_the_type_that_it_was_given() -> None:
    text = '{ "llm_model": "gpt-5",  "name": "é", "smartCallback": "true" }'
    fixed = '{ "llmModel": "gpt-5",  "name": "é", "smartCallback": true }'
    assert callagent.Reader().fix(text) == fixed
    for document in (text.encode(), bytearray(text.encode()), memoryview(text.encode())):
        assert callagent.Reader().fix(document) == fixed.encode()


def test_apply() -> None:
    agent = '{"_id": "a", "name": "Support", "ttsModel": {"provider": "openai", "elevenLabsApiKey": "k"}}'
    update = '{"llmModel": "gpt-5", "settings": {"speed": 1}}'
    stored = callagent.apply_stored(agent, update)
    assert json.loads(stored) == {**json.loads(agent), **json.loads(update)}
    sent = json.loads(callagent.apply(agent.encode(), update.encode()))
    assert sent["ttsModel"] == {"provider": "openai"} and sent["name"] == "Support"
