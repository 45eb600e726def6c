"""The survivors that are known: `docs/mutants.md` lists each, and under it why no test can or should kill it."""

from collections.abc import Iterable

from tests.mutants.program import Mutant
from tests.mutants.trial import Verdict

_MODULE, _ENTRY, _REASON = "### ", "- ", "  "


def entry(mutant: Mutant) -> str:
    """Return how a mutant is written down: where, the line, and the mistake."""
    where = f"`{mutant.function}`, " if mutant.function else ""
    nth = f" ({mutant.nth})" if mutant.nth > 1 else ""
    return f"{where}`{mutant.line}`: `{mutant.before}` → `{mutant.after}`{nth}"


def listed(text: str) -> dict[tuple[str, str], str]:
    """Return the reasons that a text has, by module and entry; an empty one where it has none."""
    reasons: dict[tuple[str, str], str] = {}
    module, known = "", ("", "")
    for line in text.splitlines():
        if line.startswith("#"):
            module = line.removeprefix(_MODULE).strip("`") if line.startswith(_MODULE) else ""
        elif module and line.startswith(_ENTRY):
            known = module, line.removeprefix(_ENTRY)
            reasons[known] = ""
        elif module and line.startswith(_REASON) and known in reasons:
            reasons[known] = f"{reasons[known]} {line.strip()}".strip()
    return reasons


def differences(text: str, verdicts: Iterable[Verdict]) -> list[str]:
    """Return what of the survivors is not listed with a reason, and what is listed and does not survive."""
    examined = {one.module: {entry(mutant) for mutant in one.survivors} for one in verdicts}
    survived = {(module, line) for module, lines in examined.items() for line in lines}
    known = {of: reason for of, reason in listed(text).items() if of[0] in examined}
    wrong = {
        "not listed": survived - known.keys(),
        "listed, but killed or gone": known.keys() - survived,
        "listed without a reason": {of for of, reason in known.items() if not reason},
    }
    return [f"{what}: {module}: {line}" for what, found in wrong.items() for module, line in sorted(found)]
