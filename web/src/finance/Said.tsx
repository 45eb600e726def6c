import { useTranslation } from "react-i18next";
import { usePerson } from "../app/Signed";
import { settings } from "../app/settings";
import { full, isoDay } from "../shared/dates";
import { Amount, Count } from "../shared/Money";
import { now } from "../shared/now";
import { useStore } from "../shared/store";
import classes from "./finance.module.css";

const SHOWN = 8;

/** The name under which the person at this page stands in records. */
export function useMyName(): string {
  const person = usePerson();
  return person ? `${person.kind}:${person.id}` : "";
}

/** Somebody as records name them: `finance:<person>`, `agent:mina`, or one of our own jobs. */
export function By({ of }: { of: string }) {
  const { t } = useTranslation("finance");
  const mine = useMyName();
  if (!of) return null;
  if (of === mine) return <>{t("by.me")}</>;
  const [kind = "", name = ""] = of.split(":");
  const said = KINDS.find((one) => one === kind);
  return <>{said ? `${t(`by.${said}`)} ${name.slice(0, SHOWN)}`.trim() : of}</>;
}

const KINDS = ["finance", "admin", "agent", "owner", "staff", "shop", "close"] as const;

/** What the close itself says of a step, by the records; what people wrote stays as they wrote it. */
const STEPS = {
  "the month has ended": "step.ended",
  "contacts, ledger and Stripe agree": "step.agree",
  "the invoice is final": "step.final",
  "bill and invoice agree": "step.proven",
} as const;

/** Why a month came into a state. */
export function Why({ of }: { of: string }) {
  const { t } = useTranslation("finance");
  const known = Object.entries(STEPS).find(([text]) => text === of)?.[1];
  return <span className={classes.long}>{known ? t(known) : of}</span>;
}

const HOUR = /^(human|bot)\/(\d{4}-\d{2}-\d{2}T\d{2})$/;
const USAGE = /^usage:(human|bot)$/;
const EPISODE = /^([0-9a-f]{32})\/(\d+)$/;
const WORDS = ["subtotal", "tax", "invoice"] as const;

/** What was compared: an hour in the time of Seoul, a contact's episode, a line of the bill, or what a record names. */
export function Item({ of }: { of: string }) {
  const { t } = useTranslation("finance");
  const { language } = useStore(settings);
  const [, meter, hour] = HOUR.exec(of) ?? [];
  if (hour) {
    const at = full(new Date(`${hour}:00:00Z`), language);
    return <>{t("item.hour", { meter: t(`item.${meter as "human"}`), at })}</>;
  }
  const [, used] = USAGE.exec(of) ?? [];
  if (used) return <>{t("item.usage", { meter: t(`item.${used as "human"}`) })}</>;
  const [, contact, episode] = EPISODE.exec(of) ?? [];
  if (contact) return <>{t("item.episode", { contact: contact.slice(0, SHOWN), episode })}</>;
  const known = WORDS.find((one) => one === of);
  return <span className={classes.long}>{known ? t(`item.${known}`) : of}</span>;
}

/** A moment of the API's, as people in Seoul read it. */
export function At({ of }: { of: string }) {
  const { language } = useStore(settings);
  return <time dateTime={of}>{full(new Date(of), language)}</time>;
}

/** Rules that compare counts of contacts; all others compare won. */
const COUNTING = new Set(["R0", "R1", "R2"]);

/** A difference with what it counts. */
export function Difference({ of, rule }: { of: number; rule: string }) {
  const { t } = useTranslation("finance");
  return (
    <span className={classes.short}>
      <Amount of={of} change />
      {COUNTING.has(rule) ? t("unit.contacts") : t("unit.won")}
    </span>
  );
}

/** How much one side of a comparison is, with what it counts. */
export function Measured({ of, rule }: { of: number; rule: string }) {
  const { t } = useTranslation("finance");
  return <Count of={of} unit={COUNTING.has(rule) ? t("unit.contacts") : t("unit.won")} />;
}

/** The month in Seoul: `2026-11`. */
export function thisMonth(): string {
  return isoDay(now()).slice(0, 7);
}
