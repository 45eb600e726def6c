import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Delivery, readDeliveries, resend } from "../api/calls/shop";
import { query } from "../app/query";
import { why } from "../i18n";
import type { Column } from "../shared/columns";
import { full } from "../shared/dates";
import { Asked, Empty } from "../shared/Empty";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { useTable } from "../shared/table";
import { key } from "./Hooks";
import classes from "./shop.module.css";
import { ForOwner, useLanguage, useWho } from "./who";

const SOON = 5_000;
const TONES = { due: "warn", done: "good", failed: "bad" } as const;

export function Deliveries() {
  const { t } = useTranslation("shop");
  return (
    <ForOwner title={t("hooks.deliveries")}>
      <Whole />
    </ForOwner>
  );
}

/** What a hook was told within thirty days; what was not heard can be sent once more. */
function Whole() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const { hook = "" } = useParams({ strict: false });
  const language = useLanguage();
  const control = useTable();
  const asked = useQuery({
    queryKey: [tenant, "deliveries", hook, control.cursor],
    queryFn: () => readDeliveries(tenant, hook, control.cursor),
    refetchInterval: control.cursor ? false : SOON,
  });
  async function again(one: Delivery): Promise<void> {
    try {
      await resend(tenant, hook, one.id);
      notify(t("hooks.resent"));
    } catch (error) {
      notify(why(error), { bad: true });
    }
    await query.invalidateQueries({ queryKey: [tenant, "deliveries", hook] });
  }
  const columns: Column<Delivery>[] = [
    {
      key: "at",
      title: t("hooks.at"),
      show: (one) => full(new Date(one.at), language),
      raw: (one) => one.at,
    },
    {
      key: "event",
      title: t("hooks.event"),
      show: (one) => t(`hookEvent.${key(one.event)}`),
      raw: (one) => one.event,
    },
    {
      key: "state",
      title: t("hooks.state"),
      show: (one) => (
        <span className={classes.tag} data-tone={TONES[one.state]}>
          {t(`delivery.${one.state === "due" && one.tries > 0 ? "again" : one.state}`)}
        </span>
      ),
      raw: (one) => one.state,
    },
    {
      key: "status",
      title: t("hooks.answer"),
      show: (one) => [one.status, one.failure].filter(Boolean).join(" · ") || "–",
      raw: (one) => one.status ?? one.failure,
    },
    { key: "tries", title: t("hooks.tries"), number: true, show: (one) => one.tries, raw: (one) => one.tries },
    {
      key: "next",
      title: t("hooks.next"),
      show: (one) => (one.next_at ? full(new Date(one.next_at), language) : "–"),
      raw: (one) => one.next_at ?? "",
    },
    {
      key: "body",
      title: t("hooks.body"),
      show: (one) => (
        <details>
          <summary>{t("hooks.show")}</summary>
          <pre className={page.code}>{one.body}</pre>
        </details>
      ),
    },
    {
      key: "again",
      title: t("hooks.again"),
      show: (one) =>
        one.state !== "due" && (
          <Button variant="default" size="compact-sm" onClick={() => void again(one)}>
            {t("hooks.resend")}
          </Button>
        ),
    },
  ];
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("hooks.deliveries")}</h1>
        <Link to="/shop/hooks">{t("hooks.back")}</Link>
      </div>
      <p className={page.lead}>{t("hooks.deliveriesLead")}</p>
      <Asked of={asked}>
        {(found) => (
          <Table
            caption={t("hooks.deliveries")}
            columns={columns}
            rows={found.deliveries}
            keyOf={(one) => one.id}
            control={control}
            next={found.cursor}
            empty={<Empty icon="plug" title={t("hooks.noDeliveries")} help={t("hooks.noDeliveriesHelp")} />}
          />
        )}
      </Asked>
    </div>
  );
}
