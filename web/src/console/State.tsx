import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Ref, Story } from "../api/types";
import { settings } from "../app/settings";
import { full } from "../shared/dates";
import { announce } from "../shared/notices";
import { useStore } from "../shared/store";
import { claimOrTell, reopen, wakeUp } from "./actions";
import { BLANK, writings } from "./drafts";
import classes from "./State.module.css";
import { useHeading } from "./useHeading";

const ENDED = new Set(["resolved", "later", "spam", "merged", "shop"]);

/** Why an open contact is not the agent's, what of it can be done, and the text that was being written. */
export function State({ contact, story, whisper }: { contact: Ref; story: Story | undefined; whisper: boolean }) {
  const { t } = useTranslation();
  const { language } = useStore(settings);
  const written = (useStore(writings)[`${contact}:reply`] ?? BLANK).text.trim();
  if (whisper) return <p className={classes.lead}>{t("lapsed.lead")}</p>;
  const status = story?.contact.status;
  const until = story?.contact.later_until;
  const help = {
    waiting: t("lapsed.help"),
    overflow: t("lapsed.help"),
    claimed: t("lapsed.taken"),
    resolved: t("lapsed.resolved"),
    later: until ? t("lapsed.later", { at: full(new Date(until), language) }) : "",
    spam: t("lapsed.gone"),
    merged: t("lapsed.gone"),
    shop: t("lapsed.shop"),
  }[status ?? "claimed"];
  // What was taken from the agent is a warning; what the agent did is not.
  const lost = !ENDED.has(status ?? "claimed");
  return (
    <section className={lost ? classes.state : classes.ended} role={lost ? "alert" : "status"}>
      <h2>{lost ? t("lapsed.title") : help}</h2>
      {lost && <p>{help}</p>}
      {written && <blockquote className={classes.kept}>{written}</blockquote>}
      <div className={classes.ways}>
        {(status === "waiting" || status === "overflow") && (
          <Button onClick={() => void claimOrTell(contact)}>{t("act.claimAgain")}</Button>
        )}
        {status === "resolved" && (
          <Button variant="default" onClick={() => void reopen(contact)}>
            {t("lapsed.reopen")}
          </Button>
        )}
        {status === "later" && <Button onClick={() => void wakeUp(contact)}>{t("lapsed.wake")}</Button>}
        {written && (
          <Button
            variant="default"
            onClick={() => void navigator.clipboard.writeText(written).then(() => announce(t("lapsed.copied")))}
          >
            {t("lapsed.copy")}
          </Button>
        )}
      </div>
    </section>
  );
}

/** What is shown while no contact is open. */
export function Nothing() {
  const { t } = useTranslation();
  const heading = useHeading();
  return (
    <div className={classes.nothing}>
      <h1 ref={heading} tabIndex={-1}>
        {t("talk.pick")}
      </h1>
      <p>{t("talk.pickHelp")}</p>
    </div>
  );
}
