import { useTranslation } from "react-i18next";
import { settings } from "../app/settings";
import { ago, duration, full, time } from "../shared/dates";
import { now } from "../shared/now";
import { useStore } from "../shared/store";

/** How long ago something was: 3분 전. */
export function Since({ of }: { of: string }) {
  const { language } = useStore(settings);
  const at = new Date(of);
  return (
    <time dateTime={of} title={full(at, language)}>
      {ago(at, now(), language)}
    </time>
  );
}

/** The time of day; with its date unless it is within a day. */
export function At({ of }: { of: string }) {
  const { language } = useStore(settings);
  const at = new Date(of);
  const near = Math.abs(at.getTime() - now().getTime()) < DAY;
  return <time dateTime={of}>{near ? time(at, language) : full(at, language)}</time>;
}

const DAY = 24 * 60 * 60 * 1_000;

/** A wait as it is expected, in words: 45초, 12분. */
export function Wait({ seconds }: { seconds: number }) {
  const { t } = useTranslation("floor");
  const { language } = useStore(settings);
  return <>{seconds < 60 ? t("seconds", { count: seconds }) : duration(seconds, language)}</>;
}
