"""What the API shows of diagnoses: bodies that come in, answers that go out; times are ISO 8601 UTC."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.diagnosis.findings import Report
from chalicelib.diagnosis.model import MAX_COLUMNS, Columns, Diagnosis, Refusal, State
from chalicelib.diagnosis.words import REASONS
from chalicelib.kernel.clock import Millis, iso

Place = Annotated[int, Meta(ge=0, le=MAX_COLUMNS)]


class DiagnosisIn(Struct, forbid_unknown_fields=True):
    """A file that is to be sent in: its name, and its size in bytes."""

    name: Annotated[str, Meta(max_length=400)]
    size: Annotated[int, Meta(ge=1)]


class ColumnsIn(Struct, forbid_unknown_fields=True):
    """In which column of the file what stands, counted from 1; 0: in none."""

    at: Annotated[int, Meta(ge=1, le=MAX_COLUMNS)]
    text: Annotated[int, Meta(ge=1, le=MAX_COLUMNS)]
    channel: Place = 0
    intent: Place = 0
    sales_channel: Place = 0

    @property
    def columns(self) -> Columns:
        """Return the choice."""
        return Columns(self.at, self.text, self.channel, self.intent, self.sales_channel)


class StartIn(Struct, forbid_unknown_fields=True):
    """Which columns to read, where their titles do not tell."""

    columns: ColumnsIn | None = None


class UploadView(Struct):
    """Send a multipart POST to `url` with `fields`, and last the content as `file`."""

    url: str
    fields: dict[str, str]


class AnnouncedDiagnosisView(Struct):
    """The id of a diagnosis, and how its file is sent in until `expires_at`; then it is started."""

    id: str
    upload: UploadView
    expires_at: str

    @classmethod
    def of(cls, diagnosis: Diagnosis, form: tuple[str, dict[str, str]], expires: Millis) -> Self:
        """Return the answer to an announcement."""
        return cls(diagnosis.id, UploadView(*form), iso(expires))


class RefusalView(Struct):
    """Why a row, counted from 1 with the header, is not taken; a row of 0 is the whole file.

    `column` is the column's title, and `value` what may be shown of the cell; both may be empty.
    """

    row: int
    column: str
    code: str
    text: str
    text_en: str
    value: str

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """Return what the API shows of `refusal`."""
        text, text_en = REASONS[refusal.code]
        return cls(refusal.row, refusal.column, refusal.code, text, text_en, refusal.value)


class DiagnosisView(Struct, omit_defaults=True):
    """A diagnosis, and how far its file was read; of `refused_rows` refusals the first twenty are shown.

    `headers` are the titles of the file's columns where the shop is to choose: then it is started again with them.
    """

    id: str
    name: str
    at: str
    by: str
    state: State
    rows_read: int
    rows_total: int
    refused_rows: int
    refusals: list[RefusalView] = []
    headers: list[str] = []
    report: Report | None = None

    @classmethod
    def of(cls, one: Diagnosis) -> Self:
        """Return what the API shows of a diagnosis."""
        view = cls.line(one)
        view.refusals = [RefusalView.of(refusal) for refusal in one.outcome.refusals]
        view.headers = list(one.outcome.headers)
        view.report = one.outcome.report
        return view

    @classmethod
    def line(cls, one: Diagnosis) -> Self:
        """Return what a list shows of a diagnosis."""
        read = (one.rows, one.total, one.outcome.refused)
        return cls(one.id, one.name, iso(one.at), one.by, one.state, *read)


class DiagnosesView(Struct):
    """A shop's diagnoses, newest first, without what they tell."""

    diagnoses: list[DiagnosisView]
