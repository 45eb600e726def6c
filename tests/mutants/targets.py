"""Which rules are mutated, and which tests have to notice: quick ones, without AWS, of the rules themselves."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REASONS = ROOT / "docs/mutants.md"

BOUNDARIES = "tests/pricing/test_rules_boundaries.py"

TARGETS: dict[str, tuple[str, ...]] = {
    "chalicelib/pricing/rules.py": ("tests/pricing/test_rules.py", BOUNDARIES),
    "chalicelib/pricing/statement.py": ("tests/pricing/test_statement.py", BOUNDARIES),
    "chalicelib/pricing/outlook.py": ("tests/pricing/test_outlook.py", BOUNDARIES),
    "chalicelib/pricing/comparison.py": ("tests/pricing/test_comparison.py", BOUNDARIES),
    "chalicelib/metering/rules.py": ("tests/metering/test_rules.py", "tests/metering/test_rules_boundaries.py"),
    "chalicelib/billing/rules.py": ("tests/billing/test_rules.py", "tests/billing/test_rules_boundaries.py"),
    "chalicelib/closing/rules.py": ("tests/closing/test_rules.py", "tests/closing/test_rules_boundaries.py"),
    "chalicelib/closing/rules_invoice.py": (
        "tests/closing/test_rules_invoice.py",
        "tests/closing/test_rules_boundaries.py",
    ),
    "chalicelib/closing/rules_money.py": (
        "tests/closing/test_rules_money.py",
        "tests/closing/test_rules_money_boundaries.py",
    ),
    "chalicelib/closing/rules_records.py": (
        "tests/closing/test_rules_records.py",
        "tests/closing/test_rules_records_boundaries.py",
    ),
    "chalicelib/closing/period_rules.py": ("tests/closing/test_period_rules.py",),
    "chalicelib/bills/rules.py": ("tests/bills/test_rules.py", "tests/bills/test_rules_boundaries.py"),
    "chalicelib/bills/sla.py": ("tests/bills/test_rules.py", "tests/bills/test_rules_boundaries.py"),
    "chalicelib/finance/journal.py": ("tests/finance/test_journal.py", "tests/finance/test_rules_boundaries.py"),
    "chalicelib/finance/aging.py": ("tests/finance/test_aging.py", "tests/finance/test_rules_boundaries.py"),
    "chalicelib/finance/tax.py": ("tests/finance/test_tax.py", "tests/finance/test_rules_boundaries.py"),
}
"""By module: the test files that have to notice its mutants."""
