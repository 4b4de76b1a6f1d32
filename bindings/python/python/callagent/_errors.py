"""The error for an invalid document."""

from callagent._callagent import Report


class InvalidDocument(ValueError):
    """The error for a document with violations.

    Attributes:
        report (Report): The report with the violations.
    """

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return str(self.report)


InvalidDocument.__module__ = "callagent"
