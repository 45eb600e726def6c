import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FloorAgent, Held, Pool } from "../api/calls/floor";
import type { Column } from "../shared/columns";
import { Empty } from "../shared/Empty";
import { Count } from "../shared/Money";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { Contact } from "./Contact";
import classes from "./floor.module.css";
import { Since } from "./Since";

interface AgentsProps {
  pool: Pool;
  nameOf: (tenant: string) => string;
  /** Whether contacts lead to the console. */
  linked: boolean;
  reassign: (held: Held, from: string) => void;
  certify: (agent: FloorAgent) => void;
}

/** Who is there, and what each of them holds. */
export function Agents({ pool, nameOf, linked, reassign, certify }: AgentsProps) {
  const { t } = useTranslation("floor");
  const columns: Column<FloorAgent>[] = [
    { key: "name", title: t("agents.name"), show: (one) => one.name, raw: (one) => one.agent },
    { key: "state", title: t("agents.state"), show: (one) => <Standing of={one} />, raw: (one) => one.state },
    {
      key: "load",
      title: t("pool.load"),
      show: (one) => (
        <>
          <Count of={one.load} /> / <Count of={one.capacity} />
        </>
      ),
      raw: (one) => one.load,
      number: true,
    },
    {
      key: "holding",
      title: t("agents.holding"),
      show: (one) =>
        one.holding.length === 0 ? (
          "–"
        ) : (
          <ul className={classes.list}>
            {one.holding.map((held) => (
              <li key={held.contact}>
                <Contact of={held} shop={nameOf(held.tenant)} linked={linked} />
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t("reassign.of", { contact: `${nameOf(held.tenant)} #${held.contact.slice(-6)}` })}
                  onClick={() => reassign(held, one.agent)}
                >
                  {t("reassign.verb")}
                </Button>
              </li>
            ))}
          </ul>
        ),
    },
    {
      key: "certified",
      title: t("certify.title"),
      show: (one) => (
        <span className={classes.chips}>
          <span>{one.certified ? one.certified.map(nameOf).join(", ") : t("certify.all")}</span>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t("certify.of", { name: one.name })}
            onClick={() => certify(one)}
          >
            {t("certify.verb")}
          </Button>
        </span>
      ),
      raw: (one) => one.certified?.join(" ") ?? "",
    },
  ];
  return (
    <Table
      caption={t("agents.caption", { pool: pool.pool })}
      columns={columns}
      rows={pool.agents}
      keyOf={(one) => one.agent}
      empty={<Empty title={t("agents.none")} icon="people" />}
    />
  );
}

function Standing({ of }: { of: FloorAgent }) {
  const { t } = useTranslation("floor");
  const said = of.state === "break" && of.break_kind ? t(`break.${of.break_kind}`) : t(`standing.${of.state}`);
  return (
    <>
      {said}
      {of.since && (
        <span className={shared.muted}>
          {" · "}
          <Since of={of.since} />
        </span>
      )}
    </>
  );
}
