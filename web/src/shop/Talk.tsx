import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Happened, Said, Story } from "../api/types";
import classes from "./Talk.module.css";
import { When } from "./who";

type Entry = { at: string; id: string; said?: Said; event?: Happened };

/** What happens in a conversation beside what is said; replies and messages tell of themselves. */
const TOLD = new Set([
  "claim",
  "resolve",
  "reopen",
  "transfer",
  "reassign",
  "spam",
  "undo_spam",
  "merge",
  "absorb",
  "stop",
  "pass",
  "give",
  "admit",
  "prefer",
  "lapse",
  "release",
  "intent",
  "later",
  "wake",
  "due",
  "send",
]);

/** A conversation as its shop sees it, in order of time; the message `at` is the one that is meant. */
export function Talk({ story, at = "" }: { story: Story; at?: string }) {
  const { t } = useTranslation("shop");
  const meant = useRef<HTMLLIElement>(null);
  useEffect(() => meant.current?.scrollIntoView({ block: "center" }), []);
  return (
    <ol className={classes.talk} aria-label={t("talk.label")}>
      {entries(story).map((one) =>
        one.said ? (
          <li
            key={one.id}
            ref={one.id === at ? meant : undefined}
            className={classes.said}
            data-author={one.said.author}
            data-meant={one.id === at || undefined}
          >
            <p className={classes.who}>
              <b>{t(`author.${one.said.author}`)}</b> {one.said.name} · <When at={one.said.at} />
              {one.id === at && <span className={classes.proof}>{t("talk.proof")}</span>}
            </p>
            <p className={classes.text}>{one.said.text}</p>
          </li>
        ) : (
          <li key={one.id} className={classes.event}>
            {one.event && <Event event={one.event} />}
          </li>
        ),
      )}
    </ol>
  );
}

function Event({ event }: { event: Happened }): ReactNode {
  const { t } = useTranslation("shop");
  return (
    <>
      {t(`event.${event.action as "claim"}`)} · <When at={event.at} />
    </>
  );
}

function entries(story: Story): Entry[] {
  const said = story.messages.map((one) => ({ at: one.at, id: one.id, said: one }));
  const events = story.events
    .filter((one) => TOLD.has(one.action))
    .map((one) => ({ at: one.at, id: one.id, event: one }));
  return [...said, ...events].sort((one, other) => one.at.localeCompare(other.at));
}
