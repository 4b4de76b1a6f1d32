"""The package itself: its names, its documentation, and the models next to the reader."""

import doctest
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

import callagent
from callagent import models

ROOT = Path(__file__).parents[3]
README = ROOT / "bindings/python/README.md"


def test_every_name_is_documented() -> None:
    for name in callagent.__all__:
        item = getattr(callagent, name)
        assert item.__module__ in ("callagent", "callagent._callagent", "callagent._lines") and item.__doc__
    methods = [getattr(callagent.Reader, name) for name in vars(callagent.Reader) if not name.startswith("_")]
    functions = [callagent.check, callagent.is_valid, callagent.loads, callagent.apply, callagent.apply_stored]
    for function in (*functions, callagent.mask, callagent.check_lines):
        assert all(part in function.__doc__ for part in ("Args:", "Raises:", "TypeError:")), function  # type: ignore[operator]
    assert all(method.__doc__ for method in methods)


def test_importing_it_imports_little() -> None:
    program = "import sys; before = set(sys.modules); import callagent; print(*sorted(set(sys.modules) - before))"
    imported = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    own = {"callagent", "callagent._callagent", "callagent._errors", "callagent._lines"}
    assert set(imported) - own <= {"__future__"}


def test_the_examples_of_the_readme() -> None:
    # The examples for a shell and other parts are not Python.
    failed, count = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert failed == 0 and count > 10


VECTORS = [
    vector
    for file in sorted((ROOT / "fixtures/vectors/values").glob("*.json"))
    for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"]
]


@pytest.mark.parametrize("kind", ["update", "agent"])
def test_models_find_the_same_violations(kind: str) -> None:
    model: type[BaseModel] = models.UpdateAgent if kind == "update" else models.Agent
    strict = [vector for vector in VECTORS if vector["as"] == kind and not {"tolerant", "accept"} & vector.keys()]
    assert len(strict) > 300
    for vector in strict:
        try:
            model.model_validate_json(vector["text"])
            found = []
        except ValidationError as error:
            found = sorted(violation[:2] for violation in models.violations(error))
        report = callagent.check(vector["text"], kind)  # type: ignore[arg-type]
        assert found == sorted((violation.code, violation.pointer) for violation in report), vector["id"]
