"""Runs the recipe on a frame."""

import polars as pl
from dataframe import checked


def test_a_column_is_checked() -> None:
    frame = pl.DataFrame({"id": [1, 2, 3], "update": ['{"llmModel": "gpt-5"}', '{"llmModel": "gpt-6", "name": 1}', None]})
    found = checked(frame, "update")
    assert found["valid"].to_list() == [True, False, None]
    rows = [None if cell is None else [(row["code"], row["pointer"]) for row in cell] for cell in found["violations"].to_list()]
    assert rows == [[], [("unknown-value", "/llmModel"), ("wrong-type", "/name")], None]
