"""What finance works with: registers, aging, journal, tax invoices and exports, all derived from the ledger."""
