// Times as people in Korea read them. Korea has no summer time, so its clock is a fixed offset away.
import type { Language } from "./texts";

const SEOUL_MS = 9 * 3_600_000;
const DAY_MS = 86_400_000;
const KO_DAYS = ["일", "월", "화", "수", "목", "금", "토"];
const EN_DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const EN_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** 오후 3:05, or 3:05 pm. */
export function clock(at: number, language: Language): string {
  const there = new Date(at + SEOUL_MS);
  const hour = there.getUTCHours();
  const time = `${hour % 12 || 12}:${String(there.getUTCMinutes()).padStart(2, "0")}`;
  if (language === "en") return `${time} ${hour < 12 ? "am" : "pm"}`;
  return `${hour < 12 ? "오전" : "오후"} ${time}`;
}

/** The time alone today, with 어제 or 내일 next to today, and with the date further away. */
export function moment(at: number, now: number, language: Language): string {
  const away = Math.floor((at + SEOUL_MS) / DAY_MS) - Math.floor((now + SEOUL_MS) / DAY_MS);
  const time = clock(at, language);
  if (away === 0) return time;
  const near = language === "ko" ? { [-1]: "어제", 1: "내일" }[away] : { [-1]: "yesterday", 1: "tomorrow" }[away];
  if (near) return `${near} ${time}`;
  const there = new Date(at + SEOUL_MS);
  const [month, date, day] = [there.getUTCMonth(), there.getUTCDate(), there.getUTCDay()];
  if (language === "ko") return `${month + 1}월 ${date}일 (${KO_DAYS[day]}) ${time}`;
  return `${EN_DAYS[day]} ${date} ${EN_MONTHS[month]} ${time}`;
}
