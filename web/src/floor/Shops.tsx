import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FloorShop, Pool } from "../api/calls/floor";
import type { Column } from "../shared/columns";
import { Empty } from "../shared/Empty";
import { Count } from "../shared/Money";
import { Table } from "../shared/Table";
import classes from "./floor.module.css";
import { At, Since, Wait } from "./Since";

/** The shops of which something is in the pool. */
export function Shops({ pool, reserve }: { pool: Pool; reserve: (shop: FloorShop) => void }) {
  const { t } = useTranslation("floor");
  const columns: Column<FloorShop>[] = [
    { key: "name", title: t("shops.name"), show: (one) => one.name, raw: (one) => one.tenant },
    {
      key: "waiting",
      title: t("pool.waiting"),
      show: (one) => <Count of={one.waiting} />,
      raw: (one) => one.waiting,
      number: true,
    },
    {
      key: "held",
      title: t("pool.held"),
      show: (one) => <Count of={one.held} />,
      raw: (one) => one.held,
      number: true,
    },
    {
      key: "with_agents",
      title: t("shops.withAgents"),
      show: (one) => <Count of={one.with_agents} />,
      raw: (one) => one.with_agents,
      number: true,
    },
    {
      key: "oldest",
      title: t("pool.oldest"),
      show: (one) => (one.oldest_since ? <Since of={one.oldest_since} /> : "–"),
      raw: (one) => one.oldest_since ?? "",
    },
    {
      key: "wait",
      title: t("shops.wait"),
      show: (one) => (one.expected_wait ? <Wait seconds={one.expected_wait.expected_s} /> : t("shops.unknown")),
      raw: (one) => one.expected_wait?.expected_s ?? "",
    },
    { key: "steps", title: t("shops.steps"), show: (one) => <Steps of={one} /> },
    {
      key: "reserve",
      title: t("reserve.title"),
      show: (one) => (
        <Button size="sm" variant="default" onClick={() => reserve(one)}>
          {one.reserve_until ? t("reserve.change") : t("reserve.verb")}
        </Button>
      ),
    },
  ];
  return (
    <Table
      caption={t("shops.caption", { pool: pool.pool })}
      columns={columns}
      rows={pool.tenants}
      keyOf={(one) => one.tenant}
      empty={<Empty title={t("shops.none")} icon="check" />}
    />
  );
}

/** What is in force for a shop, or comes: steps of its ladder, its cap, its promotion. */
function Steps({ of }: { of: FloorShop }) {
  const { t } = useTranslation("floor");
  // Until when the reserve is called in says that it is.
  const steps = of.steps.filter((one) => one.step !== "reserve" || !of.reserve_until);
  return (
    <span className={classes.chips}>
      {of.shut && (
        <span className={classes.chip} data-warn>
          {t("shops.shut")}
        </span>
      )}
      {steps.map((one) => (
        <span key={one.step} className={classes.chip}>
          {t(`step.${one.step}`)}
        </span>
      ))}
      {of.reserve_until && (
        <span className={classes.chip}>
          {t("shops.reserveUntil")} <At of={of.reserve_until} />
        </span>
      )}
      {of.promotion && (
        <span className={classes.chip}>
          {of.promotion.name} <At of={of.promotion.starts_at} />
        </span>
      )}
    </span>
  );
}
