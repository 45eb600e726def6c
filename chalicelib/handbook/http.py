"""Handbooks and canned answers over HTTP."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

import msgspec

from chalicelib.access.rules import SHOP, SHOP_VIEW_OR_AGENT
from chalicelib.handbook import service
from chalicelib.handbook.model import Answer, Handbook, Wording
from chalicelib.handbook.rules import normal_handbook, normal_wording
from chalicelib.handbook.service import Author, Library
from chalicelib.handbook.views import CannedAnswersView, CannedIn, CannedView, HandbookIn, HandbookView
from chalicelib.handbook.wiring import library_for
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_HANDBOOK = "/v1/tenants/{tenant}/handbook"
_ANSWERS = "/v1/tenants/{tenant}/answers"
_ONE = _ANSWERS + "/{answer}"


@api.route("GET", _HANDBOOK, policy=SHOP_VIEW_OR_AGENT, returns=HandbookView, shed=Shed.REFRESH)
def read_handbook(call: Call[Empty]) -> HandbookView:
    """Show how the shop wants to be answered: colour, rules, links, script, forbidden words, refund limit."""
    return HandbookView.of(_library(call).store.shelf().kept)


@api.route("PUT", _HANDBOOK, policy=SHOP, body=HandbookIn, returns=HandbookView)
def keep_handbook(call: Call[HandbookIn]) -> HandbookView:
    """Replace the shop's handbook; agents see it within a minute."""
    handbook = normal_handbook(Handbook(**msgspec.structs.asdict(call.body)))
    return HandbookView.of(service.keep(_library(call), handbook, _author(call)))


@api.route("GET", _ANSWERS, policy=SHOP_VIEW_OR_AGENT, returns=CannedAnswersView, shed=Shed.REFRESH)
def list_answers(call: Call[Empty]) -> CannedAnswersView:
    """List the canned answers that the shop offers its agents, by title."""
    return CannedAnswersView([CannedView.of(one) for one in _library(call).store.shelf().offered])


@api.route("POST", _ANSWERS, policy=SHOP, body=CannedIn, returns=CannedView, status=HTTPStatus.CREATED)
def add_answer(call: Call[CannedIn]) -> CannedView:
    """Add a canned answer."""
    answer = Answer(call.new_id(), _wording(call), call.now, call.caller.name, digest=call.digest)
    return CannedView.of(service.add(_library(call), answer))


@api.route("PUT", _ONE, policy=SHOP, body=CannedIn, returns=CannedView)
def change_answer(call: Call[CannedIn]) -> CannedView:
    """Make a new version of a canned answer; a retired one is offered again."""
    wording = _wording(call)
    return _reworded(call, lambda answer: replace(answer, wording=wording, retired=False))


@api.route("POST", _ONE + "/retire", policy=SHOP, returns=CannedView)
def retire_answer(call: Call[Empty]) -> CannedView:
    """Offer a canned answer no more; again, it changes nothing."""
    return _reworded(call, lambda answer: replace(answer, retired=True))


def _reworded(call: Call[Any], made: Any) -> CannedView:
    return CannedView.of(service.reword(_library(call), call.params["answer"], made, _author(call)))


def _library(call: Call[Any]) -> Library:
    return library_for(call.caller, call.params["tenant"])


def _author(call: Call[Any]) -> Author:
    return Author(call.caller.name, call.now, call.expected)


def _wording(call: Call[CannedIn]) -> Wording:
    return normal_wording(Wording(**msgspec.structs.asdict(call.body)))
