"""Mails through Amazon SES; everything that it knows about a refusal stays here."""

from functools import cache
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.aws.clients import client
from chalicelib.aws.settings import settings
from chalicelib.letters.model import Mail, MailRefused, MailUnavailable

Json = dict[str, Any]

_UTF8 = "UTF-8"
_MOST = 50
_FOR_GOOD = {"MessageRejected", "BadRequestException", "NotFoundException"}


class SesMailer:
    """Sends as the product, in its one configuration set."""

    def send(self, mails: tuple[str, ...], mail: Mail, about: str) -> None:
        """Send one mail to up to 50 addresses.

        Raises MailRefused or MailUnavailable; what else is raised leaves open whether it was sent, so that nothing
        here sends it again.
        """
        content = {"Subject": _text(mail.subject), "Body": {"Text": _text(mail.text), "Html": _text(mail.html)}}
        given: Json = {"ConfigurationSetName": settings().mail_set} if settings().mail_set else {}
        try:
            _client().send_email(
                FromEmailAddress=settings().mail_from,
                Destination={"ToAddresses": list(mails[:_MOST])},
                Content={"Simple": content},
                EmailTags=[{"Name": "letter", "Value": about}],
                **given,
            )
        except ClientError as error:
            answer = error.response
            if answer["ResponseMetadata"]["HTTPStatusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            code = answer["Error"]["Code"]
            raise (MailRefused if code in _FOR_GOOD else MailUnavailable)(code) from None
        except EndpointConnectionError:
            raise MailUnavailable("unreachable") from None


def _text(data: str) -> Json:
    return {"Data": data, "Charset": _UTF8}


@cache
def _client() -> Any:
    return client("sesv2", settings().region, repeats=False)
