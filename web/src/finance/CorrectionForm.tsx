import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askCorrection } from "../api/calls/finance";
import { Confirm } from "../shared/Confirm";
import { AreaField, NumberField, RadioField, TextField } from "../shared/Field";
import { notify } from "../shared/notices";

const MOST_WON = 1_000_000_000;

/** Asks for won to be taken off an invoice; nothing happens before a second person agrees. */
export function CorrectionForm(props: { tenant: string; invoice: string; close: () => void }) {
  const { t } = useTranslation("finance");
  const client = useQueryClient();
  const [key] = useState(() => crypto.randomUUID());
  const [tenant, setTenant] = useState(props.tenant);
  const [invoice, setInvoice] = useState(props.invoice);
  const [amount, setAmount] = useState<number | null>(null);
  const [way, setWay] = useState<"balance" | "refund">("balance");
  const [reason, setReason] = useState("");
  async function ask(): Promise<void> {
    await askCorrection(
      tenant.trim(),
      { invoice: invoice.trim(), won: amount ?? 0, reason, refund: way === "refund" },
      key,
    );
    await client.invalidateQueries({ queryKey: ["finance", "corrections"] });
    notify(t("corrections.asked"));
  }
  return (
    <Confirm
      title={t("corrections.ask")}
      verb={t("corrections.verb")}
      ready={Boolean(tenant.trim() && invoice.trim() && amount && amount > 0 && reason.trim())}
      act={ask}
      close={props.close}
    >
      <TextField label={t("column.tenant")} value={tenant} onChange={setTenant} maxLength={32} />
      <TextField label={t("corrections.invoiceId")} value={invoice} onChange={setInvoice} maxLength={64} />
      <NumberField
        label={t("corrections.amount")}
        help={t("corrections.amountHelp")}
        value={amount}
        onChange={setAmount}
        min={1}
        max={MOST_WON}
        unit={t("unit.won")}
      />
      <RadioField
        label={t("corrections.way")}
        value={way}
        onChange={setWay}
        wide
        options={[
          { value: "balance", label: t("corrections.balance"), help: t("corrections.balanceHelp") },
          { value: "refund", label: t("corrections.refund"), help: t("corrections.refundHelp") },
        ]}
      />
      <AreaField
        label={t("reason")}
        help={t("corrections.reasonHelp")}
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={500}
      />
    </Confirm>
  );
}
