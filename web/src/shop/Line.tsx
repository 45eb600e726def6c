import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askUsage, readStory, type UsageLine } from "../api/calls/shop";
import { answered } from "../api/client";
import { Asked } from "../shared/Empty";
import { Count, Won } from "../shared/Money";
import page from "../shared/page.module.css";
import { useUrl } from "../shared/url";
import { Disputing } from "./Disputing";
import classes from "./shop.module.css";
import { Talk } from "./Talk";
import { DisputeOf } from "./Usage";
import { useSaying, useWho, When } from "./who";

/** What one contact did to the bill, by which rule, and the conversation at the message that proves it. */
export function Line() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const { contact = "" } = useParams({ strict: false });
  const [url] = useUrl();
  const month = url.month ?? "";
  const ledger = useQuery({
    queryKey: [tenant, "usage", month, "of", contact],
    queryFn: async () => answered(await askUsage(tenant, { ...(month && { month }), contact })),
  });
  const story = useQuery({
    queryKey: [tenant, "contact", contact],
    queryFn: () => readStory(tenant, contact),
  });
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("usage.oneTitle")}</h1>
        <Link to="/shop/usage" search={(month ? { month } : {}) as never}>
          {t("usage.back")}
        </Link>
      </div>
      <Asked of={ledger}>
        {(found) => found.entries.map((line) => <One key={`${line.booked_at}${line.reason}`} line={line} />)}
      </Asked>
      <section className={page.panel} aria-labelledby="story">
        <div className={page.head}>
          <h2 id="story">{t("usage.evidence")}</h2>
          <Link to="/shop/contacts/$contact" params={{ contact }}>
            {t("usage.toContact")}
          </Link>
        </div>
        <Asked of={story}>{(found) => <Talk story={found} at={url.at ?? ""} />}</Asked>
      </section>
    </div>
  );
}

function One({ line }: { line: UsageLine }) {
  const { t } = useTranslation("shop");
  const saying = useSaying();
  const { acts } = useWho();
  const [disputes, setDisputes] = useState(false);
  return (
    <section className={page.panel} aria-label={saying(line.why)}>
      <div className={page.head}>
        <h2>{saying(line.why)}</h2>
        <p className={classes.figure}>
          <Won of={line.won} change />
        </p>
      </div>
      <p className={page.quote}>{saying(line.rule_text)}</p>
      <dl className={classes.rows}>
        <div>
          <dt>{t("usage.at")}</dt>
          <dd>
            <When at={line.occurred_at} />
          </dd>
        </div>
        <div>
          <dt>{t("usage.booked")}</dt>
          <dd>
            <When at={line.booked_at} />
          </dd>
        </div>
        <div>
          <dt>{t("usage.tier")}</dt>
          <dd>
            {t("usage.tierOf", { tier: line.tier })} · <Won of={line.unit_won} />
          </dd>
        </div>
        <div>
          <dt>{t("usage.countOf")}</dt>
          <dd>
            <Count of={line.delta} />
          </dd>
        </div>
        <div>
          <dt>{t("usage.ruleName")}</dt>
          <dd>
            <code className={classes.mono}>{line.rule}</code> ·{" "}
            <code className={classes.mono}>{line.price_version}</code>
          </dd>
        </div>
      </dl>
      <div className={page.actions}>
        <DisputeOf line={line} dispute={acts ? () => setDisputes(true) : undefined} />
      </div>
      {disputes && <Disputing line={line} close={() => setDisputes(false)} />}
    </section>
  );
}
