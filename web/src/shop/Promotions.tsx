import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Promotion, readPromotions } from "../api/calls/shop";
import type { Column } from "../shared/columns";
import { full } from "../shared/dates";
import { Asked, Empty } from "../shared/Empty";
import { Amount, Count } from "../shared/Money";
import page from "../shared/page.module.css";
import { Table } from "../shared/Table";
import classes from "./shop.module.css";
import { useLanguage, useWho } from "./who";

export const TONES = { announced: "good", running: "warn", over: undefined, cancelled: undefined } as const;

/** The shop's promotions, those to come and those of the last month. */
export function Promotions() {
  const { t } = useTranslation("shop");
  const { tenant, acts } = useWho();
  const asked = useQuery({ queryKey: [tenant, "promotions"], queryFn: () => readPromotions(tenant) });
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("place.promotions")}</h1>
        {acts && (
          <Button component={Link} to="/shop/promotions/new">
            {t("promotions.new")}
          </Button>
        )}
      </div>
      <p className={page.lead}>{t("promotions.lead")}</p>
      <Asked of={asked}>{(found) => <List promotions={found.promotions} />}</Asked>
    </div>
  );
}

function List({ promotions }: { promotions: Promotion[] }) {
  const { t } = useTranslation("shop");
  const language = useLanguage();
  const columns: Column<Promotion>[] = [
    { key: "name", title: t("promotions.name"), show: (one) => one.name, raw: (one) => one.name },
    {
      key: "status",
      title: t("promotions.status"),
      show: (one) => (
        <span className={classes.tag} data-tone={TONES[one.status]}>
          {t(`promotionStatus.${one.status}`)}
        </span>
      ),
      raw: (one) => one.status,
    },
    {
      key: "starts_at",
      title: t("promotions.from"),
      show: (one) => full(new Date(one.starts_at), language),
      raw: (one) => one.starts_at,
    },
    {
      key: "ends_at",
      title: t("promotions.till"),
      show: (one) => full(new Date(one.ends_at), language),
      raw: (one) => one.ends_at,
    },
    {
      key: "contacts",
      title: t("promotions.contacts"),
      number: true,
      show: (one) => <Count of={one.contacts.expected} />,
      raw: (one) => one.contacts.expected,
    },
    {
      key: "price",
      title: t("promotions.price"),
      number: true,
      show: (one) => <Amount of={one.price.expected} />,
      raw: (one) => one.price.expected,
    },
    {
      key: "agents",
      title: t("promotions.agents"),
      number: true,
      show: (one) => <Count of={one.staffing.agents} />,
      raw: (one) => one.staffing.agents,
    },
  ];
  return (
    <Table
      caption={t("place.promotions")}
      columns={columns}
      rows={promotions}
      keyOf={(one) => one.id}
      link={(one) => ({ to: "/shop/promotions/$promotion", params: { promotion: one.id } })}
      empty={<Empty icon="calendar" title={t("promotions.none")} help={t("promotions.noneHelp")} />}
    />
  );
}
