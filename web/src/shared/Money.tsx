import { settings } from "../app/settings";
import type { Language } from "./dates";
import classes from "./Money.module.css";
import { useStore } from "./store";

const GROUPED = new Intl.NumberFormat("ko-KR", { maximumFractionDigits: 2 });
const SIGNED = new Intl.NumberFormat("ko-KR", { maximumFractionDigits: 2, signDisplay: "exceptZero" });

/** 12,300원 · ₩12,300; with its sign, even plus, if it is a change. */
export function won(amount: number, language: Language, { change = false } = {}): string {
  const [sign, rest] = parted(change ? SIGNED : GROUPED, amount);
  return language === "ko" ? `${sign}${rest}원` : `${sign}₩${rest}`;
}

/** 1,234 */
export function grouped(amount: number): string {
  return GROUPED.format(amount);
}

/** Won as they stand in a text, in digits of one width. */
export function Won({ of, change = false }: { of: number; change?: boolean }) {
  const { language } = useStore(settings);
  return (
    <span className={classes.figure} data-minus={of < 0 || undefined}>
      {won(of, language, { change })}
    </span>
  );
}

/** Won as they stand in a table whose head names the unit: -1,234. */
export function Amount({ of, change = false }: { of: number; change?: boolean }) {
  const [sign, rest] = parted(change ? SIGNED : GROUPED, of);
  return (
    <span className={classes.figure} data-minus={of < 0 || undefined}>
      {sign + rest}
    </span>
  );
}

/** A count or another figure that is no money. */
export function Count({ of, unit = "" }: { of: number; unit?: string }) {
  return <span className={classes.figure}>{counted(of, unit)}</span>;
}

/** 26건 · 26 contacts */
export function counted(of: number, unit: string): string {
  return grouped(of) + (/^[a-z]/i.test(unit) ? `\u00a0${unit}` : unit);
}

/** A minus is the one of the keyboard, which every spreadsheet reads. */
function parted(format: Intl.NumberFormat, amount: number): [string, string] {
  const text = format.format(amount).replace("\u2212", "-");
  return /^[-+]/.test(text) ? [text.slice(0, 1), text.slice(1)] : ["", text];
}
