"""Where the second wall meets a request: what it refuses looks absent, like all that is another tenant's."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.aws.credentials import acting, scope_of
from chalicelib.aws.failures import is_denied
from chalicelib.aws.observe import log
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.errors import not_found

A = TypeVar("A")


def behind_the_wall(caller: Caller, tenant: str, work: Callable[[], A]) -> A:
    """Return what `work` answers with a session of the rows that `caller` may touch at `tenant`.

    Raises NotFound when the wall refuses: then one of our own checks is missing, and an alarm rings.
    """
    with acting(scope_of(caller, tenant)):
        try:
            return work()
        except Exception as error:
            if not is_denied(error):
                raise
            log().exception("the second wall refused", caller=caller.name)
            raise not_found() from error
