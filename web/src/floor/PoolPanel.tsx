import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FloorAgent, FloorShop, Held, Pool } from "../api/calls/floor";
import { usePerson } from "../app/Signed";
import { Count } from "../shared/Money";
import shared from "../shared/page.module.css";
import { Agents } from "./Agents";
import { Certify } from "./Certify";
import { Contact } from "./Contact";
import classes from "./floor.module.css";
import { Reassign } from "./Reassign";
import { Reserve } from "./Reserve";
import { Shops } from "./Shops";
import { Since } from "./Since";

/** What is asked about now, in a dialog. */
type Open =
  | { what: "reassign"; held: Held; from: string }
  | { what: "reserve"; shop: FloorShop }
  | { what: "certify"; agent: FloorAgent };

/** One pool: its queue, who wants a lead, its shops and its agents. */
export function PoolPanel({ pool }: { pool: Pool }) {
  const { t } = useTranslation("floor");
  const [open, setOpen] = useState<Open | null>(null);
  const person = usePerson();
  const close = () => setOpen(null);
  const nameOf = (tenant: string) => pool.tenants.find((one) => one.tenant === tenant)?.name ?? tenant;
  const agentOf = (id: string) => pool.agents.find((one) => one.agent === id)?.name ?? id;
  const full = pool.capacity > 0 && pool.load >= pool.capacity;
  return (
    <section className={shared.panel} aria-label={t("pool.title", { pool: pool.pool })}>
      <h2>{t("pool.title", { pool: pool.pool })}</h2>
      <dl className={classes.figures}>
        <div>
          <dt>{t("pool.waiting")}</dt>
          <dd>
            <Count of={pool.waiting} />
            {pool.more && "+"} {pool.front > 0 && <small>{t("pool.front", { count: pool.front })}</small>}
          </dd>
        </div>
        <div>
          <dt>{t("pool.oldest")}</dt>
          <dd>{pool.oldest_since ? <Since of={pool.oldest_since} /> : t("pool.nobody")}</dd>
        </div>
        <div>
          <dt>{t("pool.held")}</dt>
          <dd data-warn={pool.held > 0 || undefined}>
            <Count of={pool.held} />
          </dd>
        </div>
        <div>
          <dt>{t("pool.load")}</dt>
          <dd data-warn={full || undefined}>
            <Count of={pool.load} /> / <Count of={pool.capacity} />
          </dd>
        </div>
        <div>
          <dt>{t("pool.present")}</dt>
          <dd>
            <Count of={pool.agents.filter((one) => one.state === "present").length} />
          </dd>
        </div>
      </dl>
      {pool.hands.length > 0 && (
        <div className={classes.hands} role="status">
          <p className={classes.sub}>{t("hands.title", { count: pool.hands.length })}</p>
          <ul className={classes.list}>
            {pool.hands.map((hand) => (
              <li key={hand.contact}>
                <strong>{agentOf(hand.agent)}</strong>
                <Contact of={hand} shop={nameOf(hand.tenant)} linked={person?.kind === "lead"} />
                <span className={shared.muted}>
                  <Since of={hand.since} />
                </span>
                <Button
                  size="sm"
                  variant="default"
                  onClick={() => setOpen({ what: "reassign", held: hand, from: hand.agent })}
                >
                  {t("reassign.verb")}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className={classes.sub} aria-hidden>
        {t("shops.title")}
      </p>
      <div className={classes.tight}>
        <Shops pool={pool} reserve={(shop) => setOpen({ what: "reserve", shop })} />
      </div>
      <p className={classes.sub} aria-hidden>
        {t("agents.title")}
      </p>
      <div className={classes.tight}>
        <Agents
          pool={pool}
          nameOf={nameOf}
          linked={person?.kind === "lead"}
          reassign={(held, from) => setOpen({ what: "reassign", held, from })}
          certify={(agent) => setOpen({ what: "certify", agent })}
        />
      </div>
      {open?.what === "reassign" && (
        <Reassign
          held={open.held}
          shop={nameOf(open.held.tenant)}
          from={open.from}
          agents={pool.agents}
          close={close}
        />
      )}
      {open?.what === "reserve" && <Reserve shop={open.shop} close={close} />}
      {open?.what === "certify" && (
        <Certify
          agent={open.agent.agent}
          name={open.agent.name}
          known={open.agent.certified ?? null}
          shops={pool.tenants.map((one) => ({ value: one.tenant, label: one.name }))}
          close={close}
        />
      )}
    </section>
  );
}
