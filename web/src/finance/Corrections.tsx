import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { approveCorrection, type Correction, readCorrections, refuseCorrection } from "../api/calls/finance";
import { Confirm, Dialog } from "../shared/Confirm";
import type { Column } from "../shared/columns";
import { Asked, Empty } from "../shared/Empty";
import { AreaField } from "../shared/Field";
import { Amount, Won } from "../shared/Money";
import { notify } from "../shared/notices";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { useUrl } from "../shared/url";
import { CorrectionForm } from "./CorrectionForm";
import classes from "./finance.module.css";
import { At, By, useMyName } from "./Said";
import { searching } from "./search";

/** Credit notes that wait for a second person; the one in the address is decided. */
export function Corrections() {
  const { t } = useTranslation("finance");
  const [url, change] = useUrl();
  const corrections = useQuery({ queryKey: ["finance", "corrections"], queryFn: readCorrections });
  const close = () => change({ ask: "", tenant: "", invoice: "", open: "" });
  const columns: Column<Correction>[] = [
    { key: "tenant", title: t("column.tenant"), show: (one) => one.tenant, raw: (one) => one.tenant },
    { key: "invoice", title: t("month_.invoice"), show: (one) => one.invoice, raw: (one) => one.invoice },
    {
      key: "won",
      title: t("corrections.won"),
      show: (one) => <Amount of={one.won} />,
      raw: (one) => one.won,
      number: true,
    },
    {
      key: "refund",
      title: t("corrections.way"),
      show: (one) => t(one.refund ? "corrections.refund" : "corrections.balance"),
      raw: (one) => (one.refund ? "refund" : "balance"),
    },
    {
      key: "reason",
      title: t("reason"),
      show: (one) => <span className={classes.long}>{one.reason}</span>,
      raw: (one) => one.reason,
    },
    {
      key: "state",
      title: t("column.state"),
      show: (one) => t(`correction.${one.state}`),
      raw: (one) => one.state,
    },
    {
      key: "asked_by",
      title: t("corrections.askedBy"),
      show: (one) => <By of={one.asked_by} />,
      raw: (one) => one.asked_by,
    },
    {
      key: "asked_at",
      title: t("column.at"),
      show: (one) => <At of={one.asked_at} />,
      raw: (one) => one.asked_at,
    },
  ];
  return (
    <div className={shared.page}>
      <div className={shared.head}>
        <h1>{t("corrections.title")}</h1>
        <Button onClick={() => change({ ask: "1" })}>{t("corrections.ask")}</Button>
      </div>
      <p className={shared.lead}>{t("corrections.lead")}</p>
      <Asked of={corrections}>
        {(found) => {
          const open = found.corrections.find((one) => one.tenant === url.tenant && one.id === url.open);
          return (
            <>
              <Table
                caption={t("corrections.title")}
                columns={columns}
                rows={found.corrections}
                keyOf={(one) => one.id}
                link={(one) => ({
                  to: "/finance/corrections",
                  search: searching({ tenant: one.tenant, open: one.id }),
                })}
                empty={<Empty title={t("corrections.none")} icon="check" />}
              />
              {open && <Decision key={open.id} of={open} close={close} />}
            </>
          );
        }}
      </Asked>
      {url.ask && <CorrectionForm tenant={url.tenant ?? ""} invoice={url.invoice ?? ""} close={close} />}
    </div>
  );
}

function Decision({ of, close }: { of: Correction; close: () => void }) {
  const { t } = useTranslation("finance");
  const client = useQueryClient();
  const mine = useMyName() === of.asked_by;
  const [step, setStep] = useState<"look" | "approve" | "refuse">("look");
  const [reason, setReason] = useState("");
  const done = async (said: string) => {
    await client.invalidateQueries({ queryKey: ["finance"] });
    notify(said);
  };
  if (step === "approve") {
    return (
      <Confirm
        title={t("corrections.approveTitle")}
        verb={t("corrections.approve")}
        act={async () => {
          await approveCorrection(of);
          await done(t("corrections.made", { tenant: of.tenant }));
        }}
        close={close}
      >
        <p>
          {of.tenant} · {of.invoice} · <Won of={of.won} />
        </p>
        <p>{t(of.refund ? "corrections.refundHelp" : "corrections.balanceHelp")}</p>
      </Confirm>
    );
  }
  if (step === "refuse") {
    return (
      <Confirm
        title={t(mine ? "corrections.withdraw" : "corrections.refuse")}
        verb={t(mine ? "corrections.withdraw" : "corrections.refuse")}
        danger
        ready={reason.trim() !== ""}
        act={async () => {
          await refuseCorrection(of, reason);
          await done(t("corrections.refused"));
        }}
        close={close}
      >
        <AreaField label={t("reason")} value={reason} onChange={setReason} rows={3} maxLength={500} />
      </Confirm>
    );
  }
  return (
    <Dialog title={t("corrections.one", { tenant: of.tenant })} close={close}>
      <dl className={`${classes.figures} ${classes.small}`}>
        <div>
          <dt>{t("month_.invoice")}</dt>
          <dd>{of.invoice}</dd>
        </div>
        <div>
          <dt>{t("corrections.won")}</dt>
          <dd>
            <Won of={of.won} />
          </dd>
        </div>
        <div>
          <dt>{t("corrections.way")}</dt>
          <dd>{t(of.refund ? "corrections.refund" : "corrections.balance")}</dd>
        </div>
        <div>
          <dt>{t("corrections.askedBy")}</dt>
          <dd>
            <By of={of.asked_by} />
          </dd>
        </div>
      </dl>
      <blockquote className={shared.quote}>{of.reason}</blockquote>
      {mine && <p className={shared.muted}>{t("corrections.another")}</p>}
      <div className={shared.actions}>
        {!mine && <Button onClick={() => setStep("approve")}>{t("corrections.approve")}</Button>}
        {of.state === "asked" && (
          <Button variant="default" onClick={() => setStep("refuse")}>
            {t(mine ? "corrections.withdraw" : "corrections.refuse")}
          </Button>
        )}
        <Button variant="subtle" onClick={close}>
          {t("close")}
        </Button>
      </div>
    </Dialog>
  );
}
