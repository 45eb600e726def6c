import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked } from "../../shared/Empty";
import { CheckField, TextField } from "../../shared/Field";
import page from "../../shared/page.module.css";
import { StepForm } from "./StepForm";
import { type Held, saveSection, useSection } from "./sections";
import type { StepProps } from "./Wizard";
import classes from "./Wizard.module.css";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const USUAL = "09:00-18:00";

type Day = (typeof DAYS)[number];
type Week = Record<Day, string[]>;

export function Hours({ tenant, next }: StepProps) {
  const asked = useSection(tenant, "hours");
  return <Asked of={asked}>{(held) => <Form {...{ tenant, next, held }} />}</Asked>;
}

function Form({ tenant, next, held }: StepProps & { held: Held<"hours"> }) {
  const { t } = useTranslation("wizard");
  const [week, setWeek] = useState<Week>(() => weekOf(held.body.hours));
  const [holidays, setHolidays] = useState(held.body.holidays);
  const [day, setDay] = useState("");
  const own = holidays.closed_on ?? [];
  const put = (name: Day, spans: string[]) => setWeek((now) => ({ ...now, [name]: spans }));
  const sameAll = () =>
    setWeek((now) => weekOf(Object.fromEntries(DAYS.slice(0, 5).map((one) => [one, now.mon]))));
  return (
    <StepForm
      title={t("hours.title")}
      lead={t("hours.lead")}
      chosen={held.version > 0}
      save={() => saveSection(tenant, "hours", { hours: week, holidays }, held.version)}
      next={next}
    >
      <div className={classes.week}>
        {DAYS.map((name) => (
          <OneDay key={name} day={name} spans={week[name]} put={(spans) => put(name, spans)} />
        ))}
      </div>
      {DAYS.every((name) => week[name].length === 0) && (
        <p role="status" className={page.muted}>
          {t("hours.never")}
        </p>
      )}
      <div className={page.actions}>
        <Button variant="default" size="sm" onClick={sameAll}>
          {t("hours.same")}
        </Button>
      </div>
      <CheckField
        label={t("hours.holidays")}
        help={t("hours.holidaysHelp")}
        checked={holidays.closed ?? true}
        onChange={(closed) => setHolidays((now) => ({ ...now, closed }))}
      />
      <div className={classes.dayOff}>
        <TextField label={t("hours.own")} type="date" value={day} onChange={setDay} optional />
        <Button
          variant="default"
          disabled={!day}
          onClick={() => {
            setHolidays((now) => ({ ...now, closed_on: [...new Set([...own, day])].sort() }));
            setDay("");
          }}
        >
          {t("hours.add")}
        </Button>
      </div>
      {own.length > 0 && (
        <ul className={classes.chips} aria-label={t("hours.own")}>
          {own.map((one) => (
            <li key={one}>
              {one}
              <button
                type="button"
                aria-label={t("hours.remove", { day: one })}
                onClick={() => setHolidays((now) => ({ ...now, closed_on: own.filter((other) => other !== one) }))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </StepForm>
  );
}

/** One day: shut, or open from when to when; a day with a pause keeps its further spans as they are. */
function OneDay({ day, spans, put }: { day: Day; spans: string[]; put: (spans: string[]) => void }) {
  const { t } = useTranslation("wizard");
  const { t: say } = useTranslation("shared");
  const [from = "", till = ""] = (spans[0] ?? "").split("-");
  const name = say(`week.${day}`);
  return (
    <fieldset className={classes.day} data-shut={spans.length === 0 || undefined}>
      <legend className="spoken">{t("hours.day", { day: name })}</legend>
      <CheckField
        label={t("hours.day", { day: name })}
        checked={spans.length > 0}
        onChange={(open) => put(open ? [USUAL] : [])}
      />
      {spans.length > 0 ? (
        <span className={classes.span}>
          <Time
            label={t("hours.from", { day: name })}
            value={from}
            put={(one) => put([`${one}-${till}`, ...spans.slice(1)])}
          />
          ~
          <Time
            label={t("hours.till", { day: name })}
            value={till}
            put={(one) => put([`${from}-${one}`, ...spans.slice(1)])}
          />
          {spans.length > 1 && <span className={page.muted}>{spans.slice(1).join(", ")}</span>}
        </span>
      ) : (
        <span className={page.muted}>{t("hours.shut")}</span>
      )}
    </fieldset>
  );
}

const HALVES = Array.from({ length: 49 }, (_, half) => {
  const minutes = half % 2 ? "30" : "00";
  return `${String(Math.floor(half / 2)).padStart(2, "0")}:${minutes}`;
});

function Time({ label, value, put }: { label: string; value: string; put: (time: string) => void }) {
  return (
    <select
      className={classes.time}
      aria-label={label}
      value={value}
      onChange={(event) => put(event.currentTarget.value)}
    >
      {(HALVES.includes(value) ? HALVES : [value, ...HALVES]).map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
}

function weekOf(hours: Partial<Week>): Week {
  return Object.fromEntries(DAYS.map((day) => [day, [...(hours[day] ?? [])]])) as Week;
}
