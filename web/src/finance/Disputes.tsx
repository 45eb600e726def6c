import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Dispute, decideDispute, readDisputes } from "../api/calls/finance";
import { Confirm } from "../shared/Confirm";
import type { Column } from "../shared/columns";
import { Asked, Empty } from "../shared/Empty";
import { AreaField, RadioField } from "../shared/Field";
import { notify } from "../shared/notices";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { useUrl } from "../shared/url";
import classes from "./finance.module.css";
import { At, By } from "./Said";
import { searching } from "./search";

/** The open disputes of all shops; the one in the address is decided. */
export function Disputes() {
  const { t } = useTranslation("finance");
  const [url, change] = useUrl();
  const disputes = useQuery({ queryKey: ["finance", "disputes"], queryFn: readDisputes });
  const columns: Column<Dispute>[] = [
    { key: "tenant", title: t("column.tenant"), show: (one) => one.tenant, raw: (one) => one.tenant },
    { key: "month", title: t("column.month"), show: (one) => one.month, raw: (one) => one.month },
    {
      key: "contact",
      title: t("column.contact"),
      show: (one) => <code>{one.contact.slice(0, 8)}</code>,
      raw: (one) => one.contact,
    },
    {
      key: "reason",
      title: t("disputes.reason"),
      show: (one) => <span className={classes.long}>{one.reason}</span>,
      raw: (one) => one.reason,
    },
    {
      key: "opened_at",
      title: t("disputes.opened"),
      show: (one) => <At of={one.opened_at} />,
      raw: (one) => one.opened_at,
    },
    {
      key: "opened_by",
      title: t("column.by"),
      show: (one) => <By of={one.opened_by} />,
      raw: (one) => one.opened_by,
    },
  ];
  return (
    <div className={shared.page}>
      <h1>{t("disputes.title")}</h1>
      <p className={shared.lead}>{t("disputes.lead")}</p>
      <Asked of={disputes}>
        {(found) => {
          const open = found.disputes.find((one) => one.tenant === url.tenant && one.id === url.open);
          return (
            <>
              <Table
                caption={t("disputes.title")}
                columns={columns}
                rows={found.disputes}
                keyOf={(one) => one.tenant + one.id}
                link={(one) => ({
                  to: "/finance/disputes",
                  search: searching({ tenant: one.tenant, open: one.id }),
                })}
                empty={<Empty title={t("disputes.none")} icon="check" />}
              />
              {open && <Decision key={open.id} of={open} close={() => change({ tenant: "", open: "" })} />}
            </>
          );
        }}
      </Asked>
    </div>
  );
}

function Decision({ of, close }: { of: Dispute; close: () => void }) {
  const { t } = useTranslation("finance");
  const client = useQueryClient();
  const [verdict, setVerdict] = useState<"uphold" | "reject" | "">("");
  const [reason, setReason] = useState("");
  async function decide(): Promise<void> {
    const uphold = verdict === "uphold";
    await decideDispute(of, { uphold, reason });
    await client.invalidateQueries({ queryKey: ["finance"] });
    notify(t(uphold ? "disputes.upheld" : "disputes.rejected", { tenant: of.tenant }));
  }
  return (
    <Confirm
      title={t("disputes.decide", { tenant: of.tenant })}
      verb={t("disputes.verb")}
      ready={verdict !== "" && reason.trim() !== ""}
      act={decide}
      close={close}
    >
      <dl className={`${classes.figures} ${classes.small}`}>
        <div>
          <dt>{t("column.month")}</dt>
          <dd>{of.month}</dd>
        </div>
        <div>
          <dt>{t("column.contact")}</dt>
          <dd>
            {of.contact} · {t("disputes.episode", { episode: of.episode })}
          </dd>
        </div>
      </dl>
      <blockquote className={shared.quote}>{of.reason}</blockquote>
      <RadioField
        label={t("disputes.verdict")}
        value={verdict}
        onChange={setVerdict}
        wide
        options={[
          { value: "uphold", label: t("disputes.uphold"), help: t("disputes.upholdHelp") },
          { value: "reject", label: t("disputes.reject"), help: t("disputes.rejectHelp") },
        ]}
      />
      <AreaField
        label={t("disputes.answer")}
        help={t("disputes.answerHelp")}
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={1000}
      />
    </Confirm>
  );
}
