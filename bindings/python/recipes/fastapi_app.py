"""A FastAPI application that checks the updates it receives.

`Update` is a dependency: the handler runs only for valid updates, and gets the bytes that were sent and their content. All
others are answered with problem details (RFC 9457): 400 for text that is not JSON, 422 for violations.
"""

import json
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, FastAPI, Request, Response

import callagent

# The limit bounds the answers to hostile documents.
READER = callagent.Reader(limit=100)

app = FastAPI()


class Body(NamedTuple):
    """A valid update."""

    text: bytes
    content: dict[str, Any]


async def update(request: Request) -> Body:
    """Checks the body of a request."""
    text = await request.body()
    return Body(text, READER.loads(text))


Update = Annotated[Body, Depends(update)]


@app.exception_handler(callagent.InvalidDocument)
async def refuse(_: Request, error: callagent.InvalidDocument) -> Response:
    """Answers with the violations."""
    problem = error.report.problem_json()
    return Response(problem, json.loads(problem)["status"], media_type="application/problem+json")


AGENTS: dict[str, bytes] = {"agent_1": b'{"_id": "agent_1", "name": "Support"}'}


@app.put("/v1/api/agents/{agent_id}")
async def update_agent(agent_id: str, update: Update) -> Response:
    """Applies an update. A real server compares and swaps in its database."""
    stored = callagent.apply_stored(AGENTS[agent_id], update.text)
    answer = callagent.apply(AGENTS[agent_id], update.text)
    AGENTS[agent_id] = stored
    return Response(answer, media_type="application/json")
