"""Runs the application of the recipe."""

from fastapi.testclient import TestClient
from fastapi_app import AGENTS, app

PATH = "/v1/api/agents/agent_1"


def test_a_valid_update_is_applied() -> None:
    answer = TestClient(app).put(PATH, content='{"llmModel": "gpt-5", "name": "Sales"}')
    assert answer.status_code == 200
    assert answer.json() == {"_id": "agent_1", "name": "Sales", "llmModel": "gpt-5"}


def test_an_invalid_update_is_a_problem_and_changes_nothing() -> None:
    before = dict(AGENTS)
    for content, status, code in (('{"llmModel": "gpt-6"}', 422, "unknown-value"), ("{", 400, "malformed"), (b"\xff", 400, "malformed")):
        answer = TestClient(app).put(PATH, content=content)
        assert answer.status_code == answer.json()["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert [violation["code"] for violation in answer.json()["violations"]] == [code]
    assert before == AGENTS


def test_an_answer_is_bounded() -> None:
    content = "{" + ",".join(f'"x{i}": 1' for i in range(10_000)) + "}"
    problem = TestClient(app).put(PATH, content=content).json()
    assert len(problem["violations"]) == 100 and problem["truncated"]
