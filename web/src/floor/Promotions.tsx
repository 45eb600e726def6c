import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Calendar, readCalendars } from "../api/calls/floor";
import { settings } from "../app/settings";
import type { Column } from "../shared/columns";
import { day, full, time } from "../shared/dates";
import { Asked, Empty } from "../shared/Empty";
import { Count } from "../shared/Money";
import shared from "../shared/page.module.css";
import { useStore } from "../shared/store";
import { Table } from "../shared/Table";
import classes from "./floor.module.css";

type Entry = Calendar["promotions"][number];
type Hour = Calendar["hours"][number];

/** What comes to the pools, and the agents that each hour needs. */
export function Promotions() {
  const { t } = useTranslation("floor");
  const calendars = useQuery({ queryKey: ["floor", "promotions"], queryFn: readCalendars });
  return (
    <div className={shared.page}>
      <h1>{t("promotions.title")}</h1>
      <Asked of={calendars}>
        {(found) =>
          found.calendars.map((calendar) => (
            <section
              key={calendar.pool}
              className={shared.panel}
              aria-label={t("pool.title", { pool: calendar.pool })}
            >
              <h2>{t("pool.title", { pool: calendar.pool })}</h2>
              <OfPool calendar={calendar} />
            </section>
          ))
        }
      </Asked>
    </div>
  );
}

function OfPool({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation("floor");
  const { language } = useStore(settings);
  const pooling = language === "ko" ? calendar.pooling : calendar.pooling_en;
  const entries: Column<Entry>[] = [
    { key: "shop", title: t("shops.name"), show: (one) => one.shop, raw: (one) => one.tenant },
    { key: "name", title: t("promotions.name"), show: (one) => one.name, raw: (one) => one.name },
    {
      key: "starts",
      title: t("promotions.starts"),
      show: (one) => full(new Date(one.starts_at), language),
      raw: (one) => one.starts_at,
    },
    {
      key: "ends",
      title: t("promotions.ends"),
      show: (one) => full(new Date(one.ends_at), language),
      raw: (one) => one.ends_at,
    },
    {
      key: "status",
      title: t("agents.state"),
      show: (one) => t(`promotion.${one.status}`),
      raw: (one) => one.status,
    },
    {
      key: "contacts",
      title: t("promotions.contacts"),
      show: (one) => <Count of={one.contacts.expected} />,
      raw: (one) => one.contacts.expected,
      number: true,
    },
    {
      key: "agents",
      title: t("promotions.agents"),
      show: (one) => <Count of={one.agents} />,
      raw: (one) => one.agents,
      number: true,
    },
  ];
  const hours: Column<Hour>[] = [
    {
      key: "starts",
      title: t("promotions.hour"),
      show: (one) => `${day(new Date(one.starts_at), language)} ${time(new Date(one.starts_at), language)}`,
      raw: (one) => one.starts_at,
    },
    {
      key: "tenants",
      title: t("shops.name"),
      show: (one) =>
        one.tenants
          .map((tenant) => calendar.promotions.find((entry) => entry.tenant === tenant)?.shop ?? tenant)
          .join(", "),
      raw: (one) => one.tenants.join(" "),
    },
    {
      key: "contacts",
      title: t("promotions.contacts"),
      show: (one) => <Count of={one.contacts} />,
      raw: (one) => one.contacts,
      number: true,
    },
    {
      key: "agents",
      title: t("promotions.agents"),
      show: (one) => <Count of={one.agents} />,
      raw: (one) => one.agents,
      number: true,
    },
    {
      key: "apart",
      title: t("promotions.apart"),
      show: (one) => <Count of={one.agents_apart} />,
      raw: (one) => one.agents_apart,
      number: true,
    },
    {
      key: "saved",
      title: t("promotions.saved"),
      show: (one) => <Count of={one.saved} />,
      raw: (one) => one.saved,
      number: true,
    },
  ];
  if (calendar.promotions.length === 0) return <Empty title={t("promotions.none")} icon="calendar" />;
  return (
    <>
      <Table
        caption={t("promotions.caption", { pool: calendar.pool })}
        columns={entries}
        rows={calendar.promotions}
        keyOf={(one) => one.promotion}
      />
      <p className={classes.sub}>{t("promotions.hours")}</p>
      {pooling && <p>{pooling}</p>}
      {!calendar.complete && <p className={shared.muted}>{t("promotions.more")}</p>}
      <Table
        caption={t("promotions.hoursCaption", { pool: calendar.pool })}
        columns={hours}
        rows={calendar.hours}
        keyOf={(one) => one.starts_at}
      />
    </>
  );
}
