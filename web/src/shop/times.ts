/** Times as fields hold them, always those of Asia/Seoul. */
import { duration, isoDay, type Language, seoulInstant } from "../shared/dates";

/** `2026-11-27` and `10:00` as the API takes them. */
export function atSeoul(day: string, time: string): string {
  return `${day}T${time}+09:00`;
}

/** The day so many days from now. */
export function dayFrom(now: Date, days: number): string {
  return isoDay(seoulInstant(now, days, 12));
}

/** A wait to the second, as long as seconds count: 2분 31초 · 2 min 31 s. */
export function seconds(value: number, language: Language): string {
  if (value >= 3_600) return duration(value, language);
  const [m, s] = [Math.floor(value / 60), value % 60];
  const [minutes, rest] = language === "ko" ? [`${m}분`, `${s}초`] : [`${m} min`, `${s} s`];
  if (m === 0) return rest;
  return s === 0 ? minutes : `${minutes} ${rest}`;
}
