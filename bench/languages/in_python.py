"""Times Python validators on the documents of a folder: in_python.py FOLDER ROUNDS. Prints JSON.

The validators are the wheel of this workspace and others.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any, Literal

import fastjsonschema
import jsonschema_rs
import msgspec
import orjson
import pydantic

import callagent

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/update-agent.schema.json").read_text())
# Vocabularies and bounds come from the schema, so that they are stated once.
LlmModel = Literal[tuple(SCHEMA["$defs"]["LlmModel"]["enum"])]
Provider = Literal[tuple(SCHEMA["$defs"]["TtsProvider"]["enum"])]
ATTEMPTS, GAP = SCHEMA["properties"]["maxAttemptsForSmartCallback"], SCHEMA["$defs"]["Gap"]["properties"]
NEEDS_KEY = "11labs_byo"


def bounded(schema):
    return {"ge": schema["minimum"], "le": schema["maximum"]}


class Closed(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True)


class PydanticGap(Closed):
    days: Annotated[int, pydantic.Field(**bounded(GAP["days"]))] = 1
    hours: Annotated[int, pydantic.Field(**bounded(GAP["hours"]))] = 0


class PydanticTts(Closed):
    provider: Provider
    voiceId: str = ""
    language: str = ""
    elevenLabsApiKey: str | None = None

    @pydantic.model_validator(mode="after")
    def key_is_given(self):
        if self.provider == NEEDS_KEY and not self.elevenLabsApiKey:
            raise ValueError("this provider needs a key")
        return self


PydanticFraction = Annotated[float, pydantic.Field(ge=0, le=1)]


class PydanticSettings(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow", strict=True)
    speed: PydanticFraction = 0
    volume: PydanticFraction = 0
    temperature: PydanticFraction = 0


class PydanticUpdate(Closed):
    """A default of None means absent. Defaults are not validated, so an explicit null is rejected."""

    name: str = None
    llmModel: LlmModel
    ttsModel: PydanticTts = None
    smartCallback: bool = None
    maxAttemptsForSmartCallback: Annotated[int, pydantic.Field(**bounded(ATTEMPTS))] = None
    gapBetweenEachAttemptForSmartCallback: list[PydanticGap] = None
    phoneNumberIds: list[str] = None
    settings: PydanticSettings = None
    variables: dict[str, Any] = None


UNSET, Unset = msgspec.UNSET, msgspec.UnsetType
MsgspecFraction = Annotated[float, msgspec.Meta(ge=0, le=1)]


class MsgspecGap(msgspec.Struct, forbid_unknown_fields=True):
    days: Annotated[int, msgspec.Meta(**bounded(GAP["days"]))] = 1
    hours: Annotated[int, msgspec.Meta(**bounded(GAP["hours"]))] = 0


class MsgspecTts(msgspec.Struct, forbid_unknown_fields=True):
    provider: Provider
    voiceId: str | Unset = UNSET
    language: str | Unset = UNSET
    elevenLabsApiKey: str | None | Unset = UNSET

    def __post_init__(self):
        if self.provider == NEEDS_KEY and not self.elevenLabsApiKey:
            raise ValueError("this provider needs a key")


class MsgspecSettings(msgspec.Struct):
    """Undocumented fields are accepted and dropped, since a struct cannot keep them."""

    speed: MsgspecFraction | Unset = UNSET
    volume: MsgspecFraction | Unset = UNSET
    temperature: MsgspecFraction | Unset = UNSET


class MsgspecUpdate(msgspec.Struct, forbid_unknown_fields=True):
    llmModel: LlmModel
    name: str | Unset = UNSET
    ttsModel: MsgspecTts | Unset = UNSET
    smartCallback: bool | Unset = UNSET
    maxAttemptsForSmartCallback: Annotated[int, msgspec.Meta(**bounded(ATTEMPTS))] | Unset = UNSET
    gapBetweenEachAttemptForSmartCallback: list[MsgspecGap] | Unset = UNSET
    phoneNumberIds: list[str] | Unset = UNSET
    settings: MsgspecSettings | Unset = UNSET
    variables: dict[str, Any] | Unset = UNSET


pydantic_update = pydantic.TypeAdapter(PydanticUpdate)
msgspec_update = msgspec.json.Decoder(MsgspecUpdate)
schema = jsonschema_rs.validator_for(SCHEMA)
compiled_schema = fastjsonschema.compile(SCHEMA)


def by_pydantic(text):
    try:
        pydantic_update.validate_json(text)
    except pydantic.ValidationError:
        return False
    return True


def by_msgspec(text):
    try:
        msgspec_update.decode(text)
    except msgspec.ValidationError:
        return False
    return True


def by_fastjsonschema(text):
    try:
        compiled_schema(json.loads(text))
    except fastjsonschema.JsonSchemaException:
        return False
    return True


def by_findings(text):
    report = callagent.check(text)
    for found in report:
        found.code, found.pointer, found.line, found.column, found.message, found.expected, found.found
    return report.valid


def by_loads(text):
    try:
        callagent.loads(text)
    except callagent.InvalidDocument:
        return False
    return True


def by_all_errors(text):
    return not [(error.instance_path, error.message) for error in schema.iter_errors(json.loads(text))]


# None of the others detects repeated names; the last value counts.
REPEATED = ["repeated-field", "repeated-name"]
CONTESTANTS = [
    ("python: json.loads alone", "nothing", None, lambda text: isinstance(json.loads(text), dict)),
    ("python: orjson.loads alone", "nothing", None, lambda text: isinstance(orjson.loads(text), dict)),
    ("python: callagent, is_valid", "verdict", [], callagent.is_valid),
    ("python: callagent, check", "all", [], lambda text: callagent.check(text).valid),
    ("python: callagent, check, every finding read", "all", [], by_findings),
    ("python: callagent, loads", "a dict, or all", [], by_loads),
    ("python: json.loads + jsonschema-rs, verdict", "verdict", REPEATED, lambda text: schema.is_valid(json.loads(text))),
    ("python: json.loads + jsonschema-rs, all errors", "all", REPEATED, by_all_errors),
    ("python: pydantic", "all", REPEATED, by_pydantic),
    ("python: msgspec", "first", REPEATED, by_msgspec),
    ("python: json.loads + fastjsonschema", "first", REPEATED, by_fastjsonschema),
]


def measure(documents, rounds):
    rows = []
    for name, gives, blind, accepts in CONTESTANTS:
        wrong_verdicts = 0
        for document in documents:
            expected = all(blind is None or flaw in blind for flaw in document["flaws"])
            verdict = accepts(document["text"])
            assert verdict == expected, (name, document)
            wrong_verdicts += verdict != (not document["flaws"])
        rows.append({"name": name, "gives": gives, "wrong_verdicts": wrong_verdicts, "rounds": []})
    texts = [document["text"] for document in documents]
    passes = -(-1_000_000 // sum(map(len, texts)))
    for round in range(-1, rounds):
        for (_, _, _, accepts), row in zip(CONTESTANTS, rows):
            # The caches of the previous contestant affect the first pass.
            for text in texts:
                accepts(text)
            start = time.perf_counter_ns()
            for _ in range(passes):
                for text in texts:
                    accepts(text)
            elapsed = time.perf_counter_ns() - start
            if round >= 0:
                row["rounds"].append(elapsed / (passes * len(texts)))
    return rows


# The import, what a program makes once, and the first call.
STARTS = {
    "json": ("import json", "", "json.loads(text)"),
    "callagent": ("import callagent", "", "callagent.check(text)"),
    "callagent.models": ("from callagent import models", "", "models.UpdateAgent.model_validate_json(text)"),
    "jsonschema_rs": ("import jsonschema_rs, json", "v = jsonschema_rs.validator_for(schema)", "v.is_valid(json.loads(text))"),
    "fastjsonschema": ("import fastjsonschema, json", "v = fastjsonschema.compile(schema)", "v(json.loads(text))"),
}
START = """
import time
t0 = time.perf_counter_ns()
{0}
t1 = time.perf_counter_ns()
{1}
t2 = time.perf_counter_ns()
{2}
print(t1 - t0, t2 - t1, time.perf_counter_ns() - t2)
"""


def start(name):
    """Returns the median times of a start in microseconds."""
    given = f"text, schema = '{{\"llmModel\": \"gpt-5\"}}', {SCHEMA!r}\n"
    program = given + START.format(*STARTS[name])
    runs = [subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True) for _ in range(15)]
    times = zip(*(map(int, run.stdout.split()) for run in runs))
    return [statistics.median(column) / 1000 for column in times]


def main():
    if sys.argv[1:] == ["--start"]:
        print("| package | import | once | first call |\n| --- | ---: | ---: | ---: |")
        for name in STARTS:
            print(f"| {name} | {' | '.join(f'{time:.0f} µs' for time in start(name))} |")
        return
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
    results = []
    for size in ["realistic", "small", "large"]:
        for kind in ["valid", "invalid"]:
            # One document per line. Texts may contain Unicode line separators.
            lines = (folder / f"{size}-{kind}.jsonl").read_text().rstrip("\n").split("\n")
            rows = measure([json.loads(line) for line in lines], rounds)
            results.append({"set": f"{size}-{kind}", "rows": rows})
    print(json.dumps(results))


if __name__ == "__main__":
    main()
