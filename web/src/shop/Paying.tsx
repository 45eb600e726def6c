import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cardPage, paymentPage } from "../api/calls/shop";
import { why } from "../i18n";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import { useWho } from "./who";

/** The payment provider's own pages, where cards and invoices are; they lead back by themselves. */
export function Paying() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [busy, setBusy] = useState(false);
  async function leave(to: (tenant: string) => Promise<{ url: string }>): Promise<void> {
    setBusy(true);
    try {
      location.assign((await to(tenant)).url);
    } catch (error) {
      notify(why(error), { bad: true });
    } finally {
      // Browsers bring a page back as it was left.
      setBusy(false);
    }
  }
  return (
    <div className={page.actions}>
      <Button variant="default" disabled={busy} onClick={() => void leave(cardPage)}>
        {t("invoices.card")}
      </Button>
      <Button disabled={busy} onClick={() => void leave(paymentPage)}>
        {t("invoices.pay")}
      </Button>
    </div>
  );
}
