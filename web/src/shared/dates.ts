/**
 * Dates and times as people in Seoul read them. The parts come from Intl and the words 오전 and 오후 from here,
 * since which words Intl itself has for them depends on the browser's build.
 */
export type Language = "ko" | "en";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PARTS = new Intl.DateTimeFormat("en-US", {
  timeZone: "Asia/Seoul",
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  weekday: "short",
});
const RELATIVE = {
  ko: new Intl.RelativeTimeFormat("ko", { numeric: "auto" }),
  en: new Intl.RelativeTimeFormat("en", { numeric: "auto" }),
};
const WEEKDAYS = { Sun: "일", Mon: "월", Tue: "화", Wed: "수", Thu: "목", Fri: "금", Sat: "토" } as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Seoul {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: string;
  weekday: keyof typeof WEEKDAYS;
}

function seoul(at: Date): Seoul {
  const found = Object.fromEntries(PARTS.formatToParts(at).map((part) => [part.type, part.value]));
  return {
    year: Number(found.year),
    month: Number(found.month),
    day: Number(found.day),
    hour: Number(found.hour),
    minute: found.minute ?? "00",
    weekday: found.weekday as Seoul["weekday"],
  };
}

/** 오후 3:05 · 3:05 PM */
export function time(at: Date, language: Language): string {
  const { hour, minute } = seoul(at);
  const clock = `${hour % 12 || 12}:${minute}`;
  if (language === "en") return `${clock} ${hour < 12 ? "AM" : "PM"}`;
  return `${hour < 12 ? "오전" : "오후"} ${clock}`;
}

/** 11월 21일 (토) · Sat, Nov 21 */
export function day(at: Date, language: Language): string {
  const found = seoul(at);
  if (language === "en") return `${found.weekday}, ${MONTHS[found.month - 1]} ${found.day}`;
  return `${found.month}월 ${found.day}일 (${WEEKDAYS[found.weekday]})`;
}

/** 11. 21. · Nov 21 */
export function shortDay(at: Date, language: Language): string {
  const found = seoul(at);
  return language === "en" ? `${MONTHS[found.month - 1]} ${found.day}` : `${found.month}. ${found.day}.`;
}

/** 2026-11 as 2026년 11월 · November 2026 */
export function month(text: string, language: Language): string {
  const [year = "", number = ""] = text.split("-");
  if (language === "ko") return `${year}년 ${Number(number)}월`;
  return new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(text));
}

/** 2026. 11. 21. 오후 3:05 · Nov 21, 2026, 3:05 PM */
export function full(at: Date, language: Language): string {
  const found = seoul(at);
  if (language === "en") return `${MONTHS[found.month - 1]} ${found.day}, ${found.year}, ${time(at, language)}`;
  return `${found.year}. ${found.month}. ${found.day}. ${time(at, language)}`;
}

/** 2026-11-21, the day in Seoul. */
export function isoDay(at: Date): string {
  const found = seoul(at);
  return `${found.year}-${String(found.month).padStart(2, "0")}-${String(found.day).padStart(2, "0")}`;
}

/** How long ago within a day, and the time itself beyond it. */
export function ago(at: Date, now: Date, language: Language): string {
  const past = now.getTime() - at.getTime();
  const words = RELATIVE[language];
  if (Math.abs(past) < MINUTE) return language === "ko" ? "방금" : "just now";
  if (Math.abs(past) < HOUR) return words.format(-Math.trunc(past / MINUTE), "minute");
  if (Math.abs(past) < DAY) return words.format(-Math.trunc(past / HOUR), "hour");
  return `${day(at, language)} ${time(at, language)}`;
}

/** 1:05, for a countdown of so many milliseconds. */
export function countdown(left: number): string {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A duration in words: 1시간 5분 · 1 h 5 min. */
export function duration(seconds: number, language: Language): string {
  const [h, m] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (language === "en") return h ? `${h} h ${m} min` : `${m} min`;
  return h ? `${h}시간 ${m}분` : `${m}분`;
}

/** The instant of a wall-clock time in Seoul, which has no summer time: `hour` o'clock, `days` from the day of `now`. */
export function seoulInstant(now: Date, days: number, hour: number, minute = 0): Date {
  const found = seoul(now);
  return new Date(Date.UTC(found.year, found.month - 1, found.day + days, hour - 9, minute));
}
