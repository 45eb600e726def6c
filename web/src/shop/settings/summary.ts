import { useTranslation } from "react-i18next";
import type { Channel, Intent, Sections } from "../../api/calls/shop";
import { won } from "../../shared/Money";
import { useNames } from "../../shared/names";
import { seconds } from "../times";
import { useLanguage, useMonthName } from "../who";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** What the sections beside those that the shop writes hold. */
interface Bodies extends Sections {
  plan: { plans: { plan: string; since: string }[] };
  cap: { cap_won: number; cap: "hard" | "soft" };
}

type Said = [string, string][];
type Tell = { [S in keyof Bodies]: (body: Bodies[S]) => Said };

/** How a section reads: what is chosen in it, and how; what is not known here is left out. */
export function useSummary(): (section: string, body: object) => Said {
  const tell = useTell();
  return (section, body) => (section in tell ? tell[section as "goals"](body as Bodies["goals"]) : []);
}

function useTell(): Tell {
  const { t } = useTranslation("shop");
  const named = useNames();
  const { t: shared } = useTranslation("shared");
  const language = useLanguage();
  const name = useMonthName();
  const time = (value: number) => seconds(value, language);
  const intents = (some: readonly Intent[]) =>
    some.map((one) => named.intent(one)).join(", ") || t("settings.nothing");
  function planName(version: string): string {
    const [family = "", edition] = version.split("/");
    if (family === "flat") return t("plan.flat", { won: won(Number(edition), language) });
    return t("plan.edition", { name: t(`plan.family.${family as "trial"}`), edition });
  }
  return {
    about: (body) => [
      [t("about.name"), body.name],
      [t("about.name_en"), body.name_en],
      [t("about.kind"), t(`trade.${body.kind}`)],
      [t("about.language"), body.language === "en" ? "English" : "한국어"],
      [t("about.phone"), body.emergency_phone || t("settings.nothing")],
      [t("about.contacts"), t("about.aDay", { count: body.volume.contacts_a_day ?? 0 })],
      [t("about.promotions"), t("about.aMonth", { count: body.volume.promotions_a_month ?? 0 })],
    ],
    goals: (body) => [
      [t("goal.first_reply"), t("results.within", { goal: time(body.first_reply_seconds) })],
      [t("goal.wait"), t("results.within", { goal: time(body.wait_seconds) })],
      [t("goal.resolved"), t("results.atLeast", { goal: `${body.resolved_percent}%` })],
      [t("goal.satisfied"), t("results.atLeast", { goal: `${body.satisfied_percent}%` })],
    ],
    scope: (body) => [
      [t("scope.inHouse"), intents(body.in_house)],
      [t("scope.bot"), intents(body.bot ?? [])],
    ],
    hours: (body) => [
      ...DAYS.map((day): [string, string] => [
        shared(`week.${day}`),
        body.hours[day]?.join(", ") || (isAlways(body) ? t("hours.always") : t("hours.shut")),
      ]),
      [t("hours.holidays"), body.holidays.closed === false ? t("hours.openThen") : t("hours.shut")],
      [t("hours.closedOn"), body.holidays.closed_on?.join(", ") || t("settings.nothing")],
    ],
    voice: (body) => [
      [t("voice.name"), body.agent_name],
      [t("voice.tone"), body.tone],
      [t("voice.greeting"), body.greeting],
      [t("voice.signature"), body.signature],
    ],
    channels: (body) => [
      [t("contacts.channel"), body.channels.map((one: Channel) => named.channel(one)).join(", ")],
    ],
    surge: (body) =>
      (["message", "offer", "reserve", "staff"] as const).map((step) => [
        t(`step.${step}`),
        t("surge.from", { wait: time(body[step]) }),
      ]),
    plan: (body) =>
      body.plans.length === 0
        ? [[t("plan.begun"), t("plan.own")]]
        : body.plans.map((one) => [
            one.since ? t("plan.since", { month: name(one.since) }) : t("plan.begun"),
            planName(one.plan),
          ]),
    cap: (body) => [
      [t("plan.cap"), body.cap_won ? won(body.cap_won, language) : t("plan.noCap")],
      [t("plan.capKind"), t(`capKind.${body.cap}`)],
    ],
  };
}

function isAlways(body: Sections["hours"]): boolean {
  return DAYS.every((day) => !body.hours[day]?.length);
}
