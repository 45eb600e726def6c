"""Read a tenant's declaration, and say exactly what is wrong with it."""

import re
import tomllib
from dataclasses import fields

import msgspec

from chalicelib.intents.model import Scope
from chalicelib.kernel.errors import BadInput
from chalicelib.tenants.aims import Goals, Holidays, Volume
from chalicelib.tenants.model import HOUSE, Contract, Hours, Persona, Retention, Surge, Tenant
from chalicelib.tenants.rules import backward_span, backward_step

# What a declaration says besides the profile: the capability that it is for reads it.
_BESIDES = {"handbook", "answers"}
_TABLES = {
    "contract": Contract,
    "persona": Persona,
    "hours": Hours,
    "retention": Retention,
    "surge": Surge,
    "scope": Scope,
    "goals": Goals,
    "holidays": Holidays,
    "volume": Volume,
}


def parse_tenant(text: str, filename: str) -> Tenant:
    """Return the tenant that the TOML `text` declares; its id must be the file's name.

    Raises BadInput `invalid_tenant` with a message `file:line: field: what is expected`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(f"{filename}: {error}") from None
    _refuse_unknown(data, text, filename)
    try:
        tenant = msgspec.convert(data, Tenant, strict=True)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        field = path.rstrip("`") or _quoted(message)
        raise _invalid(f"{filename}:{_line(text, field)}: {field}: {message}") from None
    if tenant.id == HOUSE:
        raise _invalid(f"{filename}:{_line(text, 'id')}: id: Expected an id that is not the desk's own")
    if f"{tenant.id}.toml" != filename.rpartition("/")[2]:
        raise _invalid(f"{filename}:{_line(text, 'id')}: id: Expected the file's name without .toml")
    _refuse_backward_spans(tenant.hours, text, filename)
    _refuse_backward_steps(tenant, text, filename)
    return tenant


def _refuse_unknown(data: dict[str, object], text: str, filename: str) -> None:
    known = {field.name for field in fields(Tenant)} | _BESIDES
    unknown = sorted(data.keys() - known)
    for table, model in _TABLES.items():
        inner = data.get(table)
        if isinstance(inner, dict):
            names = inner.keys() - {field.name for field in fields(model)}
            unknown += sorted(f"{table}.{name}" for name in names)
    if unknown:
        field = unknown[0]
        raise _invalid(f"{filename}:{_line(text, field)}: {field}: Expected no field of this name")


def _refuse_backward_spans(hours: Hours, text: str, filename: str) -> None:
    if found := backward_span(hours):
        day, span = found
        where = f"{filename}:{_line(text, f'hours.{day}')}: hours.{day}"
        raise _invalid(f"{where}: Expected spans in order, each ending after it starts; got {span}")


def _refuse_backward_steps(tenant: Tenant, text: str, filename: str) -> None:
    surge = tenant.surge
    if found := backward_step(surge):
        name, before = found
        where = f"{filename}:{_line(text, f'surge.{name}')}: surge.{name}"
        raise _invalid(f"{where}: Expected no less than the step before it, {before}")
    if surge.reserve_pool == tenant.pool:
        where = f"{filename}:{_line(text, 'surge.reserve_pool')}: surge.reserve_pool"
        raise _invalid(f"{where}: Expected another pool than the shop's own")


def _line(text: str, field: str) -> int:
    """Return the line on which `field` (`price_won`, `contract.burst`, `hours.mon[0]`) stands, or its table's."""
    table, _, name = re.sub(r"\[[^]]*\]", "", field).rpartition(".")
    current, found = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([\w.]+)\]", line)
        if header:
            current = header[1]
            if current in (table, name):
                found = number
        elif current == table and re.match(rf"\s*{re.escape(name)}\s*=", line):
            return number
    return found


def _quoted(message: str) -> str:
    match = re.search("`([^`]+)`", message)
    return match[1] if match else "file"


def _invalid(message: str) -> BadInput:
    return BadInput("invalid_tenant", message)
