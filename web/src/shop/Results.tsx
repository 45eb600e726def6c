import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import {
  type Results as Answer,
  type Channel,
  type Figure,
  type Intent,
  type ResultCell,
  readResults,
} from "../api/calls/shop";
import { Columns } from "../shared/Bars";
import type { Column } from "../shared/columns";
import { day, full, shortDay } from "../shared/dates";
import { Asked, Empty } from "../shared/Empty";
import { TextField } from "../shared/Field";
import { Count } from "../shared/Money";
import { useNames } from "../shared/names";
import { now } from "../shared/now";
import page from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { useUrl } from "../shared/url";
import { Level } from "./Level";
import classes from "./shop.module.css";
import { dayFrom, seconds } from "./times";
import { useLanguage, useWho } from "./who";

const SPANS = [7, 30, 90] as const;
const AGAIN = 3_000;

/** How the contacts of some days went, beside what the shop wants reached. */
export function Results() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [url, change] = useUrl();
  const today = now();
  const [from, to] = [url.from ?? dayFrom(today, -29), url.to ?? dayFrom(today, 0)];
  const results = useQuery({
    queryKey: [tenant, "results", from, to],
    queryFn: () => readResults(tenant, from, to),
    placeholderData: keepPreviousData,
    refetchInterval: (found) => (found.state.data?.complete === false ? AGAIN : false),
  });
  return (
    <div className={page.page}>
      <h1>{t("place.results")}</h1>
      <div className={classes.search}>
        <TextField
          label={t("results.from")}
          type="date"
          value={from}
          onChange={(value) => change({ from: value })}
        />
        <TextField label={t("results.to")} type="date" value={to} onChange={(value) => change({ to: value })} />
        <div className={classes.tabs}>
          {SPANS.map((span) => {
            const first = dayFrom(today, 1 - span);
            const on = from === first && to === dayFrom(today, 0);
            return (
              <button
                key={span}
                type="button"
                data-on={on || undefined}
                aria-pressed={on}
                onClick={() => change({ from: first, to: dayFrom(today, 0) })}
              >
                {t("results.days", { count: span })}
              </button>
            );
          })}
        </div>
      </div>
      <Asked of={results}>{(found) => <All found={found} />}</Asked>
    </div>
  );
}

function All({ found }: { found: Answer }) {
  const { t } = useTranslation("shop");
  const named = useNames();
  const { owns } = useWho();
  const language = useLanguage();
  return (
    <>
      {!found.complete && (
        <p role="status" className={page.muted}>
          {t("results.counting")}
        </p>
      )}
      <div className={page.grid}>
        {found.figures.map((figure) => (
          <OneFigure key={figure.id} figure={figure} />
        ))}
      </div>
      {owns && (
        <p>
          <Link to="/shop/settings" search={{ edit: "goals" } as never}>
            {t("results.toGoals")}
          </Link>
        </p>
      )}
      {found.most.by_day === 0 ? (
        <section className={page.panel}>
          <Empty icon="chart" title={t("results.none")} help={t("results.noneHelp")} />
        </section>
      ) : (
        <>
          <Chart
            title={t("results.byDay")}
            head={t("results.day")}
            cells={found.by_day}
            max={found.most.by_day}
            name={(key) => day(noon(key), language)}
            short={(key) => shortDay(noon(key), language)}
          />
          <Chart
            title={t("results.byHour")}
            head={t("results.hour")}
            cells={found.by_hour}
            max={found.most.by_hour}
            name={(key) => t("results.hourOf", { hour: Number(key) })}
          />
          <Cells
            title={t("results.byChannel")}
            cells={found.by_channel}
            max={found.most.by_channel}
            name={(key) => named.channel(key as Channel)}
          />
          <Cells
            title={t("results.byIntent")}
            cells={found.by_intent}
            max={found.most.by_intent}
            name={(key) => (key === "unknown" ? t("results.unknown") : named.intent(key as Intent))}
          />
          <p className={page.muted}>{t("results.intents")}</p>
        </>
      )}
      <p className={page.muted}>{t("results.asOf", { at: full(new Date(found.as_of), language) })}</p>
    </>
  );
}

interface CellsProps {
  title: string;
  cells: ResultCell[];
  /** The contacts of the cell that has the most of them. */
  max: number;
  name: (key: string) => string;
}

/** The middle of a day in Seoul. */
const noon = (date: string) => new Date(`${date}T12:00:00+09:00`);

function Chart(props: CellsProps & { head: string; short?: (key: string) => string }) {
  const { t } = useTranslation("shop");
  return (
    <section className={page.panel} aria-label={props.title}>
      <h2>{props.title}</h2>
      <Columns
        label={props.title}
        max={props.max}
        head={[props.head, t("results.contacts")]}
        points={props.cells.map((one) => ({
          key: one.key,
          label: props.name(one.key),
          ...(props.short && { short: props.short(one.key) }),
          value: one.contacts,
        }))}
      />
    </section>
  );
}

function OneFigure({ figure }: { figure: Figure }) {
  const { t } = useTranslation("shop");
  const language = useLanguage();
  const said = (value: number) => (figure.unit === "seconds" ? seconds(value, language) : `${value}%`);
  return (
    <section className={page.panel} aria-label={t(`goal.${figure.id}`)}>
      <div className={page.head}>
        <h2>{t(`goal.${figure.id}`)}</h2>
        {figure.met !== null && (
          <span className={classes.tag} data-tone={figure.met ? "good" : "bad"}>
            {figure.met ? t("results.met") : t("results.missed")}
          </span>
        )}
      </div>
      <p className={classes.figure}>{figure.value === null ? "–" : said(figure.value)}</p>
      <p>
        {t(figure.unit === "seconds" ? "results.within" : "results.atLeast", { goal: said(figure.goal) })}
        {figure.n > 0 && ` · ${t("results.of", { count: figure.n })}`}
      </p>
      <p className={page.muted}>{language === "ko" ? figure.text : figure.text_en}</p>
    </section>
  );
}

function Cells(props: CellsProps) {
  const { t } = useTranslation("shop");
  const language = useLanguage();
  const time = (value: number | null) => (value === null ? "–" : seconds(value, language));
  const share = (value: number | null) => (value === null ? "–" : `${value}%`);
  const columns: Column<ResultCell>[] = [
    {
      key: "key",
      title: t("results.what"),
      show: (one) => props.name(one.key),
      raw: (one) => props.name(one.key),
    },
    {
      key: "contacts",
      title: t("results.contacts"),
      number: true,
      show: (one) => <Count of={one.contacts} />,
      raw: (one) => one.contacts,
    },
    {
      key: "level",
      title: t("results.picture"),
      show: (one) => <Level thin of={one.contacts} max={props.max} label={String(one.contacts)} />,
    },
    {
      key: "first",
      title: t("goal.first_reply"),
      number: true,
      show: (one) => time(one.first_reply_seconds_median),
      raw: (one) => one.first_reply_seconds_median ?? "",
    },
    {
      key: "wait",
      title: t("goal.wait"),
      number: true,
      show: (one) => time(one.wait_seconds_median),
      raw: (one) => one.wait_seconds_median ?? "",
    },
    {
      key: "resolved",
      title: t("goal.resolved"),
      number: true,
      show: (one) => share(one.resolved_percent),
      raw: (one) => one.resolved_percent ?? "",
    },
    {
      key: "satisfied",
      title: t("goal.satisfied"),
      number: true,
      show: (one) => share(one.satisfied_percent),
      raw: (one) => one.satisfied_percent ?? "",
    },
  ];
  return (
    <section className={page.panel} aria-label={props.title}>
      <h2>{props.title}</h2>
      <Table caption={props.title} columns={columns} rows={props.cells} keyOf={(one) => one.key} />
    </section>
  );
}
