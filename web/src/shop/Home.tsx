import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { askOverflow, type Bill, type Overflow, readBill, readSetup, type Setup } from "../api/calls/shop";
import { Asked } from "../shared/Empty";
import { Count, Won } from "../shared/Money";
import { useNames } from "../shared/names";
import page from "../shared/page.module.css";
import { usePoll } from "../shared/poll";
import { Level } from "./Level";
import classes from "./shop.module.css";
import { seconds } from "./times";
import { useLanguage, useMonthName, useSaying, useWho, When } from "./who";

const EVERY = 10_000;

/** The shop at a glance: what the month costs so far, what it is going to cost, and who waits now. */
export function Home() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const bill = useQuery({
    queryKey: [tenant, "bill", ""],
    queryFn: () => readBill(tenant),
    refetchInterval: 60_000,
  });
  const waits = usePoll([tenant, "overflow"], (headers) => askOverflow(tenant, headers), EVERY);
  const setup = useQuery({ queryKey: ["setup", tenant], queryFn: () => readSetup(tenant) });
  return (
    <div className={page.page}>
      <h1>{t("place.home")}</h1>
      <div className={page.grid}>
        <Asked of={bill}>{(found) => <Month bill={found} />}</Asked>
        <Asked of={bill}>{(found) => <Forecast bill={found} />}</Asked>
        <Asked of={waits}>{(found) => <Waits now={found} />}</Asked>
        {setup.data && <Rest setup={setup.data} />}
      </div>
      <Asked of={bill}>{(found) => <Alerts bill={found} />}</Asked>
    </div>
  );
}

function Month({ bill }: { bill: Bill }) {
  const { t } = useTranslation("shop");
  const name = useMonthName();
  const saying = useSaying();
  return (
    <section className={page.panel} aria-labelledby="month">
      <h2 id="month">{t("home.soFar", { month: name(bill.month) })}</h2>
      <p className={classes.figure}>
        <Won of={bill.total_won} />
      </p>
      <p className={page.muted}>{t("home.withVat", { plan: saying(bill.plan.name) })}</p>
      <dl className={classes.rows}>
        {bill.lines.map((line) => (
          <div key={`${line.item}${line.month}${line.label.ko}`}>
            <dt>
              {saying(line.label)} · <Count of={line.quantity} unit={saying(line.unit)} />
            </dt>
            <dd>
              <Won of={line.won} />
            </dd>
          </div>
        ))}
      </dl>
      {bill.lag.windows > 0 && <p className={page.muted}>{t("home.lag", { count: bill.lag.windows })}</p>}
      <Link to="/shop/usage">{t("home.toUsage")}</Link>
    </section>
  );
}

function Forecast({ bill }: { bill: Bill }) {
  const { t } = useTranslation("shop");
  const saying = useSaying();
  const { forecast, cap } = bill;
  return (
    <section className={page.panel} aria-labelledby="forecast">
      <h2 id="forecast">{t("home.forecast")}</h2>
      {forecast ? (
        <>
          <p className={classes.figure}>
            <Won of={forecast.expected.total_won} />
          </p>
          <p>
            <Won of={forecast.low.total_won} /> – <Won of={forecast.high.total_won} />
          </p>
          <p className={page.muted}>{saying(forecast.text)}</p>
        </>
      ) : (
        <p className={page.muted}>{t("home.noForecast")}</p>
      )}
      <p className={page.muted}>{t("home.daysLeft", { count: bill.days_left })}</p>
      {cap ? (
        <>
          <h3>{t("home.cap")}</h3>
          <Level
            of={cap.spent_won}
            max={cap.won}
            label={t("home.cap")}
            tone={cap.reached ? "bad" : bill.alerts.some((one) => one.threshold_percent >= 80) ? "warn" : "plain"}
          />
          <p>
            <Won of={cap.spent_won} /> / <Won of={cap.won} />
          </p>
          <p className={page.muted}>
            {t("usage.noVat")} {t(`capKind.${cap.kind}`)}
          </p>
        </>
      ) : (
        <p className={page.muted}>
          {t("home.noCap")} <Link to="/shop/settings">{t("home.setCap")}</Link>
        </p>
      )}
    </section>
  );
}

function Waits({ now }: { now: Overflow }) {
  const { t } = useTranslation("shop");
  const language = useLanguage();
  return (
    <section className={page.panel} aria-labelledby="waits">
      <h2 id="waits">{t("home.waits")}</h2>
      {now.expected_wait ? (
        <>
          <p className={classes.figure}>{seconds(now.expected_wait.expected_s, language)}</p>
          <p>
            {t("home.waitRange", {
              low: seconds(now.expected_wait.low_s, language),
              high: seconds(now.expected_wait.high_s, language),
            })}
          </p>
        </>
      ) : (
        <p className={page.muted}>{t("home.noWait")}</p>
      )}
      {now.for_shop > 0 && (
        <p>
          <Link to="/shop/contacts" search={{ status: "shop" } as never}>
            {t("home.forShop", { count: now.for_shop })}
          </Link>
        </p>
      )}
      <p>{now.held > 0 ? t("home.held", { count: now.held }) : t("home.noneHeld")}</p>
      <Contract now={now} />
      {now.steps.length > 0 && (
        <ul className={classes.list} aria-label={t("home.steps")}>
          {now.steps.map((one) => (
            <li key={one.step}>
              <span className={classes.tag} data-tone="warn">
                {t(`step.${one.step}`)}
              </span>
              <span className={page.muted}>
                <When at={one.since} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {now.events.length > 0 && <Lately events={now.events} />}
      <Link to="/shop/contacts">{t("home.toContacts")}</Link>
    </section>
  );
}

/** How many contacts are taken, and what the next promotion makes of that. */
function Contract({ now: { contract, raises } }: { now: Overflow }) {
  const { t } = useTranslation("shop");
  return (
    <dl className={classes.rows}>
      <div>
        <dt>{t("promotions.contract")}</dt>
        <dd>
          {t("promotions.perHour", { count: contract.rate_per_hour })} ·{" "}
          {t("promotions.burstOf", { count: contract.burst })}
        </dd>
      </div>
      {raises && (
        <div>
          <dt>
            <Link to="/shop/promotions/$promotion" params={{ promotion: raises.promotion }}>
              {raises.name}
            </Link>
            <br />
            <When at={raises.starts_at} />
          </dt>
          <dd>
            {t("promotions.perHour", { count: raises.contract.rate_per_hour })} ·{" "}
            {t("promotions.burstOf", { count: raises.contract.burst })}
          </dd>
        </div>
      )}
    </dl>
  );
}

/** What was done under pressure, the latest first. */
function Lately({ events }: { events: Overflow["events"] }) {
  const { t } = useTranslation("shop");
  return (
    <details>
      <summary>{t("home.lately")}</summary>
      <ul className={classes.list}>
        {events.map((one) => (
          <li key={`${one.at}${one.what}${one.step ?? ""}`}>
            <span>{t(`pressure.${one.what}`, { step: one.step ? t(`step.${one.step}`) : "" })}</span>
            <span className={page.muted}>
              <When at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Where the set-up has another name for what settles an item, and what it has no step for. */
const STEP_OF: Readonly<Record<string, string>> = { diagnosis: "past", widget: "channels" };
const WITHOUT_STEP = new Set(["account", "number", "terms"]);

function Rest({ setup }: { setup: Setup }) {
  const { t } = useTranslation("shop");
  const named = useNames();
  const { owns } = useWho();
  const open = setup.items.filter((one) => !one.done);
  if (setup.stage !== "setup" || open.length === 0) return null;
  return (
    <section className={page.panel} aria-labelledby="rest">
      <h2 id="rest">{t("home.rest")}</h2>
      <ul className={classes.list}>
        {open.map((one) => (
          <li key={one.id}>
            {owns && !WITHOUT_STEP.has(one.id) ? (
              <Link to="/set-up/{-$step}" params={{ step: STEP_OF[one.id] ?? one.id }}>
                {named.item(one.id)}
              </Link>
            ) : (
              <span>{named.item(one.id)}</span>
            )}
            {one.blocks && (
              <span className={classes.tag} data-tone="warn">
                {t("home.blocks")}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Alerts({ bill }: { bill: Bill }) {
  const { t } = useTranslation("shop");
  if (bill.alerts.length === 0) return null;
  return (
    <section className={page.panel} aria-labelledby="alerts">
      <h2 id="alerts">{t("home.alerts")}</h2>
      <ul className={classes.list}>
        {bill.alerts.map((one) => (
          <li key={one.threshold_percent}>
            <span className={classes.tag} data-tone={one.threshold_percent >= 100 ? "bad" : "warn"}>
              {one.threshold_percent}%
            </span>
            <span>
              <Won of={one.spent_won} /> / <Won of={one.cap_won} />
            </span>
            <span className={page.muted}>
              <When at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
