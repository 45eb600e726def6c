/** The smaller parts of the composer: open slots, files, and the state of drafts. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Ref } from "../api/types";
import { Icon } from "../shared/icons";
import type { Slot } from "../shared/slots";
import { useStore } from "../shared/store";
import classes from "./Composer.module.css";
import { desk } from "./desk";
import { BLANK, type Mode, unsaved, write, writings } from "./drafts";
import { useDrafts } from "./story";

/** The slots that are open, each of them a way to it. */
export function Slots(props: {
  slots: Slot[];
  select: (slot: Slot) => void;
  fillIn: (slot: Slot, value: string) => void;
}) {
  const { t } = useTranslation();
  if (!props.slots.length) return null;
  return (
    <div className={classes.slots} role="group" aria-label={t("compose.openSlots")}>
      <span>{t("compose.openSlots")}:</span>
      {props.slots.map((slot) =>
        slot.kind === "choice" ? (
          <span key={slot.from} className={classes.choices}>
            {slot.choices.map((choice) => (
              <button
                key={choice}
                type="button"
                className={classes.slot}
                onClick={() => props.fillIn(slot, choice)}
              >
                {choice}
              </button>
            ))}
          </span>
        ) : (
          <button key={slot.from} type="button" className={classes.slot} onClick={() => props.select(slot)}>
            {slot.label}
          </button>
        ),
      )}
      <span className={classes.hint}>{t("compose.slotHelp")}</span>
    </div>
  );
}

export function Files({ contact, mode, uploading }: { contact: Ref; mode: Mode; uploading: string[] }) {
  const { t } = useTranslation();
  const files = useStore(writings)[`${contact}:${mode}`]?.files ?? [];
  if (!files.length && !uploading.length) return null;
  return (
    <ul className={classes.files}>
      {files.map((file) => (
        <li key={file.id}>
          <Icon name="clip" size={13} /> {file.name}
          <button
            type="button"
            aria-label={t("compose.removeFile", { name: file.name })}
            onClick={() => write(contact, mode, { files: files.filter((one) => one.id !== file.id) })}
          >
            <Icon name="cross" size={13} />
          </button>
        </li>
      ))}
      {uploading.map((name) => (
        <li key={name}>{t("compose.uploading", { name })}</li>
      ))}
    </ul>
  );
}

/** Whether the draft is on the server, or in this browser alone. */
export function Saved({ place }: { place: string }) {
  const { t } = useTranslation();
  const one = useStore(writings)[place] ?? BLANK;
  const failed = useStore(unsaved).has(place);
  if (!one.text) return <span className={classes.saved} />;
  return (
    <span className={classes.saved} data-failed={failed || undefined} data-testid="saved">
      {t(one.saved ? "compose.saved" : failed ? "compose.local" : "compose.saving")}
    </span>
  );
}

/** What the agent before had begun; it can be gone on with, and is never sent unasked. */
export function Theirs({ contact, mode, mine }: { contact: Ref; mode: Mode; mine: boolean }) {
  const { t } = useTranslation();
  const { own, drafts } = useServerDrafts(contact, mine);
  const here = useStore(writings)[`${contact}:${mode}`] ?? BLANK;
  const found = drafts?.find((one) => one.mode === mode && one.agent !== own);
  if (!found || here.text) return null;
  return (
    <div className={classes.theirs}>
      <span>
        <strong>{t("compose.theirs", { agent: found.agent })}</strong> {found.text.slice(0, 80)}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => write(contact, mode, { text: found.text })}>
        {t("compose.useTheirs")}
      </Button>
    </div>
  );
}

export function useServerDrafts(contact: Ref, mine: boolean) {
  const { data } = useDrafts(contact, mine);
  return { own: desk()?.agent.id, drafts: data?.drafts };
}
