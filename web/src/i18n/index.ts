import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { mayPass, Refused, Unreachable } from "../api/errors";
import { settings } from "../app/settings";
import type { Language } from "../shared/dates";
import { particle } from "../shared/slots";
import { ko } from "./ko";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof ko };
  }
}

export const ready = begin();

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
  if (i18next.language !== language) await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Why something did not work, and what to do about it. */
export function why(error: unknown): string {
  if (error instanceof Unreachable) return i18next.t("refusal.unreachable");
  if (!(error instanceof Refused)) return i18next.t("refusal.unavailable");
  const known = `refusal.${error.code}` as "refusal.not_yours";
  if (i18next.exists(known)) return i18next.t(known);
  return mayPass(error) ? i18next.t("refusal.unavailable") : i18next.t("refusal.other", { code: error.code });
}
