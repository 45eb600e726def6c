import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { readPeople, type Spoken } from "../api/calls/shop";
import { usePerson } from "../app/Signed";
import { settings } from "../app/settings";
import { day, full, type Language } from "../shared/dates";
import { Empty } from "../shared/Empty";
import page from "../shared/page.module.css";
import { useStore } from "../shared/store";

export interface Who {
  tenant: string;
  /** Whether it is the owner, who alone decides, pays and lets people in. */
  owns: boolean;
  /** Whether it is somebody who may act at all: a viewer only looks. */
  acts: boolean;
}

/** Whose shop this is, and what who has signed in may do there. The API decides; the pages only do not offer more. */
export function useWho(): Who {
  const person = usePerson();
  const kind = person?.kind;
  return { tenant: person?.tenant ?? "", owns: kind === "owner", acts: kind === "owner" || kind === "staff" };
}

/** What owners alone see; others learn whose page it is. */
export function ForOwner({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation("shop");
  const { owns } = useWho();
  if (owns) return children;
  return (
    <div className={page.page}>
      <h1>{title}</h1>
      <section className={page.panel}>
        <Empty icon="lock" title={t("ownerOnly")} help={t("ownerOnlyHelp")} />
      </section>
    </div>
  );
}

export function useLanguage(): Language {
  return useStore(settings).language;
}

/** How the API's own words read in the language that is spoken. */
export function useSaying(): (words: Spoken) => string {
  const language = useLanguage();
  return (words) => words[language];
}

/** Who did something, by name: the shop's own people by their address where the owner looks, others by what they are. */
export function useNameOf(): (who: string) => string {
  const { t } = useTranslation("shop");
  const { tenant, owns } = useWho();
  const people = useQuery({
    queryKey: [tenant, "people"],
    queryFn: () => readPeople(tenant),
    enabled: owns,
    // Each look at their addresses is on record.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (who) => {
    const [kind = "", id = kind] = who.split(":");
    const mail = people.data?.people.find((one) => one.id === id)?.mail;
    if (mail) return mail;
    if (kind === "agent") return `${t("actor.agent")} ${id}`;
    if (kind in ACTORS) return t(`actor.${kind as "owner"}`);
    return who;
  };
}

const ACTORS = { owner: 1, staff: 1, viewer: 1, shop: 1, admin: 1, lead: 1, finance: 1, operator: 1 };

/** A time as people in Seoul read it; of a `dayOnly` one the day alone. */
export function When({ at, dayOnly = false }: { at: string; dayOnly?: boolean }) {
  const language = useLanguage();
  return <time dateTime={at}>{(dayOnly ? day : full)(new Date(at), language)}</time>;
}

/** 2026년 11월 · November 2026 */
export function useMonthName(): (month: string) => string {
  const language = useLanguage();
  return (month) => {
    const at = new Date(`${month}-15T00:00:00+09:00`);
    return Number.isNaN(at.getTime()) ? month : MONTHS[language].format(at);
  };
}

const shape = { timeZone: "Asia/Seoul", year: "numeric", month: "long" } as const;
const MONTHS = { ko: new Intl.DateTimeFormat("ko-KR", shape), en: new Intl.DateTimeFormat("en-US", shape) };
