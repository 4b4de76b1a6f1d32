"""A column of verdicts and a column of violations for a column of documents, with Polars."""

import polars as pl

import callagent

VIOLATIONS = pl.List(pl.Struct({"code": pl.String, "pointer": pl.String, "message": pl.String}))


def violations(document: str) -> list[dict[str, str]]:
    """Returns the violations of a document as rows."""
    return [{"code": one.code, "pointer": one.pointer, "message": one.message} for one in callagent.check(document)]


def checked(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Adds the columns `valid` and `violations`. Where the document is null, so are they."""
    document = pl.col(column)
    return frame.with_columns(
        valid=document.map_elements(callagent.is_valid, return_dtype=pl.Boolean),
        violations=document.map_elements(violations, return_dtype=VIOLATIONS),
    )
