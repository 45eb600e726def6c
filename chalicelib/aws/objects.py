"""The bucket of files. Every object lies under its tenant's name, and another tenant's session opens none of it.

What is sent in from outside, and what was stored and not yet `kept`, is gone after a day: the bucket sees to that.
"""

from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.clients import client
from chalicelib.aws.credentials import guard
from chalicelib.aws.settings import settings

# Who may not list the bucket is refused, not told, that an object is absent.
_ABSENT = {"NoSuchKey", "404", "AccessDenied", "403"}
_UPLOADS, _FILES = "uploads", "files"
_NEW = "state=new"


def upload_key(tenant: str, *parts: str) -> str:
    """Return where a browser puts what it sends in."""
    return "/".join([_UPLOADS, tenant, *parts])


def file_key(tenant: str, *parts: str) -> str:
    """Return where a file lies."""
    return "/".join([_FILES, tenant, *parts])


def upload_form(key: str, *, limit: int, seconds: int) -> tuple[str, dict[str, str]]:
    """Return the URL and the fields of a form that puts 1 to `limit` bytes at `key`, for so many seconds."""
    made = _objects().generate_presigned_post(
        settings().files_bucket,
        key,
        Conditions=[["content-length-range", 1, limit]],
        ExpiresIn=seconds,
    )
    return made["url"], made["fields"]


def link(key: str, *, disposition: str, kind: str, seconds: int) -> str:
    """Return a URL that gives out the object for so many seconds, as a file of this kind to be saved."""
    wanted = {"ResponseContentDisposition": disposition, "ResponseContentType": kind}
    made: str = _objects().generate_presigned_url("get_object", {**_at(key), **wanted}, ExpiresIn=seconds)
    return made


def read(key: str, *, limit: int) -> bytes | None:
    """Return up to `limit` bytes of the object and one more, if there are more; None if it is absent."""
    try:
        found = _objects().get_object(**_at(key))
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT:
            raise
        return None
    content: bytes = found["Body"].read(limit + 1)
    return content


def put(key: str, content: bytes, kind: str) -> None:
    """Store an object, for a day unless it is kept."""
    _objects().put_object(**_at(key), Body=content, ContentType=kind, Tagging=_NEW)


def keep(key: str) -> None:
    """Let an object stay; again, and of one that was dropped, it changes nothing."""
    try:
        _objects().delete_object_tagging(**_at(key))
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT | {"MethodNotAllowed"}:
            raise


def drop(key: str) -> None:
    """Take an object away for good; an absent one changes nothing."""
    _objects().delete_object(**_at(key))


def drop_all(*prefixes: str) -> None:
    """Take away all that lies under any of `prefixes`, which end with a whole name."""
    for start in prefixes:
        pages = _objects().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=settings().files_bucket, Prefix=f"{start}/"):
            for found in page.get("Contents", []):
                drop(found["Key"])


def _at(key: str) -> dict[str, Any]:
    return {"Bucket": settings().files_bucket, "Key": key}


@cache
def _objects() -> Any:
    # The emulator has no names for buckets; SHA-256 signs what a browser sends, and checksums are S3's own affair.
    made = client(
        "s3",
        settings().region,
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
    )
    guard(made)
    return made
