import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { mayPass, Refused, Unreachable } from "../api/errors";
import { settings } from "../app/settings";
import type { Language } from "../shared/dates";
import { particle } from "../shared/slots";
import { AREAS, type Area, type Areas } from "./areas";
import { ko } from "./ko";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof ko } & Areas;
  }
}

/** The areas whose pages were opened; their texts follow the language. */
const spoken = new Set<Area>();

export const ready = begin();

/** Load a page together with the texts of its area. */
export async function speaking<T>(area: Area, page: () => Promise<T>): Promise<T> {
  await ready;
  spoken.add("shared").add(area);
  const [loaded] = await Promise.all([page(), learn(settings.get().language)]);
  return loaded;
}

async function begin(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "ko",
    fallbackLng: "ko",
    resources: { ko: { translation: ko } },
    interpolation: { escapeValue: false },
    postProcess: ["particles"],
  });
  await follow(settings.get().language);
  settings.subscribe(() => void follow(settings.get().language));
}

/** Written as 단비옷장(으)로 in the texts, and read as a person would say it. */
i18next.use({
  type: "postProcessor",
  name: "particles",
  process: (text: string) => {
    const pairs = /(\S)(["”’]?)\((은\/는|이\/가|을\/를|과\/와|으로\/로|으|이)\)(로|라고|)/g;
    return text.replace(pairs, (_, last: string, quote: string, pair: string, rest: string) => {
      if (pair === "으") return last + quote + particle(last, "으로/로");
      if (pair === "이") return last + quote + (particle(last, "이/") === "이" ? "이" : "") + rest;
      return last + quote + particle(last, pair) + rest;
    });
  },
});

async function follow(language: Language): Promise<void> {
  if (language === "en" && !i18next.hasResourceBundle("en", "translation")) {
    i18next.addResourceBundle("en", "translation", (await import("./en")).en);
  }
  await learn(language);
  if (i18next.language !== language) await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

async function learn(language: Language): Promise<void> {
  const missing = [...spoken].filter((area) => !i18next.hasResourceBundle(language, area));
  await Promise.all(
    missing.map(async (area) => i18next.addResourceBundle(language, area, await AREAS[area][language]())),
  );
}

/** Why something did not work, and what to do about it. */
export function why(error: unknown): string {
  if (error instanceof Unreachable) return i18next.t("refusal.unreachable");
  if (!(error instanceof Refused)) return i18next.t("refusal.unavailable");
  const ways = [...spoken, "translation"].map((area) => `${area}:refusal.${error.code}` as "refusal.not_yours");
  const known = ways.find((way) => i18next.exists(way));
  if (known) return i18next.t(known, { what: error.detail("what") });
  return mayPass(error) ? i18next.t("refusal.unavailable") : i18next.t("refusal.other", { code: error.code });
}
