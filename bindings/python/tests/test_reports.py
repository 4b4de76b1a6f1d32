"""Reports, findings and errors as Python objects."""

import copy
import json
import pickle

import pytest

import callagent

INVALID = '{"llmModel": "gpt-6", "name": " ", "elevenLabsApiKey": "sk-secret"}'


def test_a_report_is_true_if_valid_and_iterates_over_violations() -> None:
    valid, doubtful, invalid = (callagent.check(text) for text in ('{"llmModel": "gpt-5"}', '{"llmModel": "gpt-5", "name": ""}', INVALID))
    assert valid and valid.valid and valid.clean and not list(valid)
    assert doubtful and not doubtful.clean and (doubtful.violation_count, doubtful.advisory_count) == (0, 1)
    assert not invalid and not invalid.valid and tuple(invalid) == invalid.violations
    assert invalid.violations is invalid.violations, "it is made once"
    assert [violation.code for violation in invalid] == ["unknown-value", "unknown-field"]
    assert [advisory.code for advisory in invalid.advisories] == ["blank-name"]


def test_fields_of_a_finding() -> None:
    [found] = callagent.Reader(suggest=True).check('{"llmModel": "gpt-5", "smartCallback": "true"}')
    assert isinstance(found, callagent.Violation) and isinstance(found, callagent.Finding)
    assert (found.code, found.pointer) == ("wrong-type", "/smartCallback")
    assert (found.line, found.column, found.offset, found.length) == (1, 40, 39, 6)
    assert found.message == 'invalid type for `smartCallback`: expected true or false, found "true"'
    assert (found.expected, found.found, found.note) == ("true or false", '"true"', None)
    assert repr(found.suggestion) == "Suggestion(offset=39, length=6, text='true', safe=True)"
    [found] = callagent.check('{"llmModel": "gpt-5", "ttsModel": {"provider": "rime", "name": "x"}}')
    assert found.note == "the service sets this field; a request cannot change it"


def test_texts_for_people() -> None:
    report = callagent.check('{"llmModel": "gpt-5", "name": " ", "settings": {"speed": 2}}')
    message = "`speed` is out of range: expected a number from 0 to 1, found 2"
    assert repr(report) == "<callagent.Report: invalid update, 1 violation, 1 advisory>"
    assert str(report).splitlines() == [
        "invalid update, 1 violation, 1 advisory",
        f"1:58: out-of-range /settings/speed: {message}",
        "1:31: blank-name /name: `name` is blank",
    ]
    [found] = report
    assert str(found) == f"/settings/speed: {message}"
    assert repr(found) == f"Violation(code='out-of-range', pointer='/settings/speed', line=1, column=58, message={message!r})"
    assert repr(report.advisories[0]).startswith("Advisory(code='blank-name', ")
    assert str(callagent.check("{}", "agent")).startswith("valid agent, 14 advisories\n")


def test_texts_are_bounded() -> None:
    report = callagent.check(json.dumps({f"field-{i}": 1 for i in range(5000)}))
    assert report.violation_count == len(report.violations) == 5001
    assert len(str(report).splitlines()) == 102 and str(report).endswith("\nand 4901 more")


def test_no_text_shows_a_key() -> None:
    report = callagent.check(INVALID)
    with pytest.raises(callagent.InvalidDocument) as raised:
        callagent.loads(INVALID)
    texts = [repr(report), str(report), str(raised.value), repr(raised.value), report.problem_json().decode()]
    texts += [text for found in report for text in (repr(found), str(found), str(found.found))]
    texts += [repr(pickle.dumps(report)), callagent.mask(INVALID), str(callagent.mask(INVALID.encode()))]
    assert not any("sk-secret" in text for text in texts)


def test_masked_documents_keep_their_places() -> None:
    assert callagent.mask('{"eleven_labs_api_key": "é😀", "name": "x"}') == '{"eleven_labs_api_key": "**", "name": "x"}'
    assert callagent.mask(b'{"elevenLabsApiKey": "\xc3\xa9"}') == b'{"elevenLabsApiKey": "**"}'
    assert callagent.mask('{"ttsModel": {"elevenLabsApiKye": "sk-1", "a": 1}}') == '{"ttsModel": {"elevenLabsApiKye": "****", "a": 1}}'
    assert "sk-1" not in callagent.mask('{"elevenLabsApiKey": "sk-1')
    assert callagent.mask("{}") == "{}" and callagent.mask(b"\xff") == b"\xff"


def test_equality_and_hashes() -> None:
    one, same, other = (callagent.check(text) for text in (INVALID, INVALID, INVALID.replace("6", "7")))
    assert one == same and one != other and one != "a report"
    assert set(one) == set(same) and set(one) != set(other)
    assert callagent.check("{}", "agent") != callagent.check("{}")
    tolerant = callagent.Reader(tolerate_unknown_fields=True)
    strict_finding = callagent.check('{"llmModel": "gpt-5", "x": 1}').violations[0]
    assert strict_finding != tolerant.check('{"llmModel": "gpt-5", "x": 1}').advisories[0], "a violation is no advisory"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_hold_everything(protocol: int) -> None:
    for report in (
        callagent.Reader(suggest=True).check(INVALID.replace("name", "nmae")),
        callagent.Reader(limit=1).check(INVALID),
        callagent.check("{}", "agent"),
        callagent.check('{"llmModel": "gpt-5"}'),
    ):
        same = pickle.loads(pickle.dumps(report, protocol))
        assert same == report and copy.deepcopy(report) == report
        assert (str(same), repr(same), same.cut, same.kind) == (str(report), repr(report), report.cut, report.kind)
        assert [type(found) for found in same] == [type(found) for found in report]
        assert pickle.loads(pickle.dumps(same, protocol)) == report
        if not report:
            assert same.problem_json() == report.problem_json()
            error = pickle.loads(pickle.dumps(callagent.InvalidDocument(report), protocol))
            assert error.report == report and str(error) == str(report)
        if report.violations and report.violations[0].suggestion:
            assert pickle.loads(pickle.dumps(report.violations[0].suggestion, protocol)) == report.violations[0].suggestion


def test_broken_pickles_are_value_errors() -> None:
    from callagent import _callagent

    for restore in ("_restore_finding", "_restore_suggestion"):
        with pytest.raises(ValueError, match="not a pickled object"):
            getattr(_callagent, restore)("{}")


def test_the_error() -> None:
    assert issubclass(callagent.InvalidDocument, ValueError)
    with pytest.raises(callagent.InvalidDocument, match="^invalid update, 1 violation\n1:1: missing-field /llmModel: ") as raised:
        callagent.loads("{}")
    assert raised.value.report == callagent.check("{}")
    with pytest.raises(callagent.InvalidDocument) as raised:
        callagent.apply('{"name": 1}', "{}")
    assert raised.value.report.kind == "agent"
    with pytest.raises(callagent.InvalidDocument) as raised:
        callagent.apply("{}", "{}")
    assert raised.value.report.kind == "update"


def test_problem_documents() -> None:
    problem = json.loads(callagent.check('{"name": "é", "llmModel": 1}').problem_json())
    assert (problem["status"], problem["type"]) == (422, "urn:callagent:problem:invalid-update")
    assert problem["violations"][0]["offset"] == 27, "in bytes, as the document was sent"
    assert json.loads(callagent.check("{").problem_json())["status"] == 400
    assert json.loads(callagent.Reader(limit=1).check('{"a": 1, "b": 2}').problem_json())["truncated"] is True
    for report, found in ((callagent.check('{"llmModel": "gpt-5"}'), "a valid update"), (callagent.check("[]", "agent"), "an invalid agent")):
        with pytest.raises(ValueError, match=f"expected the report of an invalid update, found that of {found}"):
            report.problem_json()


def test_nothing_can_be_changed_or_constructed() -> None:
    [found] = callagent.check("{}")
    for target in (found, callagent.check("{}"), callagent.Reader()):
        with pytest.raises(AttributeError):
            target.code = "x"  # type: ignore[union-attr, misc]
    for made in (callagent.Report, callagent.Violation, callagent.Finding, callagent.Suggestion):
        with pytest.raises(TypeError):
            made()
