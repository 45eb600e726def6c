"""Measures what the product costs: `python -m tests.bench`; exit code 1 when a budget is broken."""

import argparse
import gc
import importlib
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from infra.stages import LOCAL
from tests.bench import hostile, prices, report, shipped, stack
from tests.bench.desk import Api, Context, Json, agent
from tests.bench.inquiries import Inquiry, inquiries
from tests.bench.life import AGENT, NEXT, Steps, Stream, live, open_one, repeat, total
from tests.bench.meter import Meter, Sample, calibration_ms, summary

BACKLOGS = (100, 1_000, 10_000)
WARM_UP = 12
Figures = dict[str, Any]


def main() -> None:
    """Measure everything, keep it, print it and judge it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=110, help="measured runs of each operation")
    runs = parser.parse_args().runs
    figures: Figures = {"machine": report.machine()}
    paces = [calibration_ms()]
    meter = Meter()
    with stack.running(meter) as found:
        api, told = Api(found.app.app, meter), inquiries()
        figures |= _lives(found, api, meter, told, runs=runs)
        figures |= _through_overflow(found, api, meter, told, runs=runs)
        paces.append(calibration_ms())
        figures |= _others(found, api, meter, told, runs=runs)
        paces.append(calibration_ms())
        figures |= _backlogs(found, api, told, runs=runs)
        paces.append(calibration_ms())
        figures["package_mb"] = shipped.package_mb(found.packaged.parent)
        figures |= shipped.cold_import(found.packaged.parent)
        figures["hostile_cpu_ms"] = hostile.measure(api)
    won = prices.won_per_1000(prices.life_usd(figures, figures["invocations_of_a_life"]))
    figures |= {"won_by_service": won, "won_per_1000_contacts": round(sum(won.values()), 1)}
    figures["overflow"] = _overflow().compare(figures)
    figures["calibration_ms"] = round(statistics.median(paces), 1)
    report.write(figures, LOCAL / "bench.json")
    report.show(figures)
    sys.exit(0 if report.judge(figures) else 1)


def _lives(found: stack.Stack, api: Api, meter: Meter, told: Iterator[Inquiry], *, runs: int) -> Figures:
    found.operate.issue_for_agent(AGENT, "main", 6)
    stream = Stream(found)

    def one() -> Steps:
        return live(api, found, meter, inquiry=next(told), stream=stream)

    for _ in range(WARM_UP):
        one()
    lives, bare = [], []
    for _ in range(runs):
        lives.append(one())
        bare.append(found.bare_call(meter))
    names = list(lives[0])
    figures: Figures = {name: summary([sample for life in lives for sample in life[name]]) for name in names}
    figures["bare_call"] = summary(bare)
    figures["life"] = summary([total(life) for life in lives])
    counts = Counter(tuple((name, len(samples)) for name, samples in life.items()) for life in lives)
    figures["invocations_of_a_life"] = dict(counts.most_common(1)[0][0])
    return figures


def _through_overflow(
    found: stack.Stack, api: Api, meter: Meter, told: Iterator[Inquiry], *, runs: int
) -> Figures:
    measured: Figures = _overflow().measure(found, api, meter, told, runs=runs)
    return measured


def _overflow() -> Any:
    # The product can be imported only after the environment was taken on.
    return importlib.import_module("tests.bench.overflow")


def _others(found: stack.Stack, api: Api, meter: Meter, told: Iterator[Inquiry], *, runs: int) -> Figures:
    token = found.operate.issue_for_shop("danbi")
    helper = agent(AGENT, "main")

    def authorize() -> Sample:
        request: Json = {"type": "TOKEN", "authorizationToken": f"Bearer {token}", "methodArn": _ARN}
        with meter.measure() as sample:
            answer = found.app.authorize(request, Context())
        if answer["principalId"] != "shop:danbi":
            raise RuntimeError("the authorizer refused")
        return sample

    def sweep() -> Sample:
        with meter.measure() as sample:
            found.app.sweep(dict.fromkeys(_SCHEDULED, ""), Context())
        return sample

    return {
        "authorize": summary(repeat(authorize, runs=runs)),
        "poll": summary(repeat(lambda: api.send(helper, "POST", NEXT)[1], runs=runs)),
        "heartbeat": summary(repeat(lambda: api.send(helper, "POST", "/v1/agents/me/heartbeat")[1], runs=runs)),
        "sweep": summary(repeat(sweep, runs=min(runs, 30))),
        "reconcile": _reconcile(found, meter),
        "open_over_contract": summary(_spike(found, api, told, runs=runs)),
    }


def _reconcile(found: stack.Stack, meter: Meter) -> Figures:
    """Reconcile all tenants once, and share what it takes out among the contacts that it went through."""
    with meter.measure() as sample:
        reports = found.reconcile_all(found.app.now(), repair=False)
    contacts = sum(one.contacts for one in reports)
    if any(one.breaks for one in reports):
        raise RuntimeError("contacts, ledger, windows and Stripe differ")
    return {**summary([sample]), "tenants": len(reports), "contacts": contacts}


_SCHEDULED = ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")
_ARN = "arn:aws:execute-api:ap-northeast-2:000000000000:bench/api/POST/v1/tenants/danbi/contacts"


def _spike(found: stack.Stack, api: Api, told: Iterator[Inquiry], *, runs: int) -> list[Sample]:
    """Open contacts of a shop that is far over its contract, so that each asks the index too."""
    profile = stack.contracted(next(one for one in found.operate.declared_tenants() if one.id == "danbi"), 1)
    found.operate.apply_tenants([profile])
    mine = (inquiry for inquiry in told if inquiry.tenant == profile.id)
    samples = repeat(lambda: open_one(api, next(mine))[1], runs=runs)
    found.operate.apply_tenants([stack.contracted(profile, stack.GENEROUS)])
    return samples


def _backlogs(found: stack.Stack, api: Api, told: Iterator[Inquiry], *, runs: int) -> Figures:
    # The product's rows can be imported only after the environment was taken on.
    from tests.bench.backlog import Backlog  # noqa: PLC0415

    backlogs = {size: Backlog(found, api, told, size=size) for size in BACKLOGS}
    samples: dict[int, list[Sample]] = {size: [] for size in BACKLOGS}
    # What the seeding left behind must not be walked through by a collection inside a claim.
    gc.collect()
    gc.freeze()
    warm = summary(repeat(backlogs[BACKLOGS[0]].claim, runs=runs, warm_up=WARM_UP))
    # Turn and turn about, so that whatever else this machine does weighs on all sizes alike.
    for turn in range(WARM_UP + runs):
        for size, backlog in backlogs.items():
            sample = backlog.claim()
            if turn >= WARM_UP:
                samples[size].append(sample)
    rows = {str(size): summary(taken) for size, taken in samples.items()}
    least, most = rows[str(BACKLOGS[0])], rows[str(BACKLOGS[-1])]
    units = [row["write_units_mean"] + row["read_units_mean"] for row in (most, least)]
    ratios = {
        "calls": most["calls"] / least["calls"],
        "units": round(units[0] / units[1], 3),
        "cpu": round(most["cpu_ms"] / least["cpu_ms"], 3),
    }
    claim = {**warm, "ratio_10000_to_100": max(ratios.values()), "ratios": ratios}
    return {"claim": claim, "claim_by_backlog": rows}


if __name__ == "__main__":
    main()
