"""Previews of mails over HTTP, for admins."""

from chalicelib.access.rules import ADMIN
from chalicelib.aws.settings import settings
from chalicelib.kernel.errors import BadInput, not_found
from chalicelib.letters.rules import names, preview
from chalicelib.letters.views import LettersView, LetterView
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_LETTERS = "/v1/letters"


@api.route("GET", _LETTERS, policy=ADMIN, returns=LettersView, shed=Shed.REPORT)
def list_letters(call: Call[Empty]) -> LettersView:
    """List the mails that people get from us, those of the directory too."""
    return LettersView(names())


@api.route("GET", _LETTERS + "/{letter}", policy=ADMIN, returns=LetterView, query=("language",), shed=Shed.REPORT)
def show_letter(call: Call[Empty]) -> LetterView:
    """Show a mail as it is sent, in one `language` (`ko`, the usual one, or `en`), filled with samples."""
    language = call.query.get("language", "ko")
    if language not in {"ko", "en"}:
        raise BadInput("invalid_language", "language is ko or en")
    if call.params["letter"] not in names():
        raise not_found()
    return LetterView.of(preview(call.params["letter"], language, pages_url=settings().pages_url))
