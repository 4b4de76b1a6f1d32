"""Runs the assertion of the recipe, also as pytest shows it."""

import pytest
from assertion import assert_valid

INVALID = """{
  "llmModel": "gpt-5",
  "smartCallback": "true",
  "ttsModel": {"provider": "rimes", "elevenLabsApiKey": "sk-secret"}
}"""

DRAWN = """\
invalid update, 2 violations:

3:20: wrong-type at /smartCallback
  |   "smartCallback": "true",
  |                    ^^^^^^ invalid type for `smartCallback`: expected true or false, found "true"
  = replace it by `true`

4:28: unknown-value at /ttsModel/provider
  |   "ttsModel": {"provider": "rimes", "elevenLabsApiKey": "*********"}
  |                            ^^^^^^^ unknown value "rimes" for `provider`
  = expected one of `openai`, `rime`, `elevenlabs`, `11labs_byo`, `google`
  = replace it by `"rime"`"""


def test_valid_documents_pass() -> None:
    assert_valid('{"llmModel": "gpt-5"}')
    assert_valid(b"{}", "agent")


@pytest.mark.parametrize("document", [INVALID, INVALID.encode()])
def test_violations_are_drawn(document: str | bytes) -> None:
    with pytest.raises(AssertionError) as raised:
        assert_valid(document)
    assert str(raised.value) == DRAWN


def test_places_at_the_edges() -> None:
    for document in ("", "{", "\ud800", b"\xff", '{"a":' + " " * 1000 + "1", "\n\n{}", '{"a": "\ud800"}'):
        with pytest.raises(AssertionError, match=r"\^"):
            assert_valid(document)
