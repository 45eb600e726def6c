import { useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { online } from "../api/client";
import { session } from "../api/session";
import { type Ref, refOf } from "../api/types";
import { Only } from "../app/Signed";
import { announce } from "../shared/notices";
import { createKeptStore, useStore } from "../shared/store";
import { dialog, forgetAll, outbox } from "./actions";
import { Band } from "./Band";
import { Composer } from "./Composer";
import classes from "./ConsolePage.module.css";
import { ContactList } from "./ContactList";
import { useDesk, useHeartbeat } from "./desk";
import { saveAll } from "./drafts";
import { Network } from "./Network";
import { panelOpen } from "./panelOpen";
import { Side } from "./Side";
import { Nothing, State } from "./State";
import { useStory } from "./story";
import { Talk } from "./Talk";
import { TopBar } from "./TopBar";
import { useKeys } from "./useKeys";

const Dialogs = lazy(() => import("./Dialogs").then((module) => ({ default: module.Dialogs })));

const lastHere = createKeptStore("duredesk.who", "");

/** The console is for those who take contacts: agents and their leads. */
export function ConsolePage() {
  return (
    <Only kinds={["agent", "lead"]}>
      <Console />
    </Only>
  );
}

function Console() {
  const { t } = useTranslation();
  const params = useParams({ strict: false });
  const ref: Ref | null = params.tenant && params.contact ? `${params.tenant}/${params.contact}` : null;
  const asked = useDesk();
  const desk = asked.data;
  const mine = !!ref && !!desk?.held.some((one) => refOf(one) === ref);
  useHeartbeat(ref && desk && !mine ? [ref] : [], desk !== undefined);
  useKeys(ref, mine);
  useReturn();
  const side = useStore(panelOpen);
  const shown = useStore(dialog);
  return (
    <div
      className={classes.page}
      data-open={ref ? "contact" : "list"}
      data-side={side && mine ? "open" : "closed"}
    >
      <TopBar desk={desk} opened={ref} writing={mine} />
      <Network incidents={desk?.notices ?? []} />
      <nav className={classes.list} aria-label={t("list.label")} data-region tabIndex={-1}>
        <ContactList desk={desk} opened={ref} failed={asked.isError && !desk} />
      </nav>
      <main className={classes.main}>
        {ref ? <Open key={ref} contact={ref} mine={mine} known={!!desk} /> : <Nothing />}
      </main>
      {ref && mine && side && (
        <aside className={classes.side} aria-label={t("panel.label")} data-region tabIndex={-1}>
          <Side key={ref} contact={ref} />
        </aside>
      )}
      <Suspense>{shown && <Dialogs shown={shown} opened={ref} />}</Suspense>
    </div>
  );
}

/** One contact: whose voice, what was said, and what is being written. */
function Open({ contact, mine, known }: { contact: Ref; mine: boolean; known: boolean }) {
  const asked = useStory(contact);
  const story = asked.data;
  const whisper = !mine && !!story && !story.withheld && !!story.contact.hand_at;
  return (
    <>
      <Band contact={contact} story={story} mine={mine} />
      <Talk
        contact={contact}
        story={story}
        failed={asked.isError}
        again={() => void asked.refetch()}
        mine={mine}
      />
      {known && !mine && <State contact={contact} story={story} whisper={whisper} />}
      {story && (mine || whisper) && <Composer contact={contact} story={story} whisper={whisper} />}
    </>
  );
}

/** What one agent left in this browser is not another one's to send. */
function keepForOne(): void {
  const signed = session.get();
  const who = signed.state === "in" ? signed.person.id : "";
  if (lastHere.get() && lastHere.get() !== who) forgetAll();
  lastHere.set(who);
}

/** Once the network is back, what waited goes out, once. */
function useReturn(): void {
  const { t } = useTranslation();
  useEffect(() => {
    keepForOne();
    void outbox.flush();
    saveAll();
    const wake = () => void outbox.flush();
    const told = online.subscribe(() => {
      if (!online.get()) return;
      announce(t("network.back"));
      void outbox.flush();
      saveAll();
    });
    window.addEventListener("online", wake);
    return () => {
      window.removeEventListener("online", wake);
      told();
    };
  }, [t]);
}
