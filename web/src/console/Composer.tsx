import { ActionIcon, Button, Kbd, SegmentedControl } from "@mantine/core";
import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { fill } from "../api/calls";
import type { CannedAnswer, Ref, Story } from "../api/types";
import { settings } from "../app/settings";
import { why } from "../i18n";
import { colourOf } from "../shared/colour";
import { Icon } from "../shared/icons";
import { composing, SendOnce } from "../shared/ime";
import { isMod } from "../shared/keys";
import { announce, notify } from "../shared/notices";
import { decided, isOpen, nextSlot, openSlots, put, type Slot } from "../shared/slots";
import { useStore } from "../shared/store";
import { AnswerPicker } from "./AnswerPicker";
import { focusAsk, focusOn, send, setFault } from "./actions";
import classes from "./Composer.module.css";
import { Files, Saved, Slots, Theirs, useServerDrafts } from "./ComposerParts";
import { adopt, BLANK, type Mode, write, writing, writings } from "./drafts";
import { Steps, Wrong } from "./Findings";
import { MOST, TYPES, upload } from "./files";
import type { Resolution } from "./outbox";

interface Props {
  contact: Ref;
  story: Story;
  /** A lead beside an agent writes whispers alone. */
  whisper: boolean;
}

/** Where agents write: a reply in the shop's voice, or a note that stays inside. */
export function Composer({ contact, story, whisper }: Props) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<Mode>(whisper ? "note" : "reply");
  const [picking, setPicking] = useState(false);
  const [uploading, setUploading] = useState<string[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);
  const once = useRef(new SendOnce());
  const help = useId();
  const chosen = useStore(settings);
  const here = useStore(writings)[`${contact}:${mode}`] ?? BLANK;
  const shop = story.shop;
  const name = shop?.name ?? story.contact.tenant;
  const slots = mode === "reply" ? openSlots(here.text) : [];
  useAdopted(contact, !whisper);
  useFocusAsked(field, whisper, (wanted) => {
    if (wanted === "answers") setPicking(true);
    change(wanted === "note" ? "note" : "reply");
  });

  function change(to: Mode): void {
    if (to !== mode) announce(t(to === "note" ? "compose.noteMode" : "compose.replyMode"));
    setMode(whisper ? "note" : to);
  }

  function go(then?: Resolution, sure = false): void {
    const { text } = writing(contact, mode);
    const open = mode === "reply" ? nextSlot(text, 0) : undefined;
    if (open || (mode === "reply" && isOpen(text))) {
      announce(t("compose.openSlots"));
      if (open) select(open);
      return;
    }
    if (uploading.length) return;
    decide();
    const sent = send(contact, mode, { ...(then ? { resolution: then } : {}), sure, whisper });
    if (!sent) announce(t("compose.empty"));
    field.current?.focus();
  }

  function select(slot: Slot): void {
    field.current?.focus();
    field.current?.setSelectionRange(slot.from, slot.end);
  }

  function decide(): string {
    const { text } = writing(contact, mode);
    const made = mode === "reply" ? decided(text) : text;
    if (made !== text) write(contact, mode, { text: made });
    return made;
  }

  function keyed(event: KeyboardEvent<HTMLTextAreaElement>): void {
    const native = event.nativeEvent;
    const sends = event.key === "Enter" || (native.keyCode === 229 && native.code === "Enter");
    if (sends && (isMod(event) || (chosen.enterSends && !event.shiftKey))) {
      event.preventDefault();
      const resolves = isMod(event) && event.shiftKey && mode === "reply";
      const then = resolves ? { steps: here.steps ?? [], sure: false, next: true } : undefined;
      if (!event.repeat && once.current.key(native, () => go(then))) go(then);
      return;
    }
    if (composing(native)) return;
    if (event.key === "Tab" && !event.shiftKey && slots.length) {
      event.preventDefault();
      const next = nextSlot(decide(), event.currentTarget.selectionEnd);
      if (next) requestAnimationFrame(() => select(next));
    } else if (event.key === "/" && mode === "reply" && atLineStart(event.currentTarget)) {
      event.preventDefault();
      setPicking(true);
    } else if (event.key === "Escape") {
      focusOn("heading");
    }
  }

  function insert(text: string, answer?: string): void {
    const area = field.current;
    const from = area?.selectionStart ?? here.text.length;
    const before = here.text.slice(0, from);
    const made = before + text + here.text.slice(area?.selectionEnd ?? from);
    setFault(contact, null);
    write(contact, mode, { text: made, ...(answer ? { answer } : {}) });
    setPicking(false);
    // The field has the text only after it was drawn.
    requestAnimationFrame(() => {
      const slot = nextSlot(made, from);
      if (slot) return select(slot);
      area?.focus();
      area?.setSelectionRange(from + text.length, from + text.length);
    });
  }

  async function pick(answer: CannedAnswer): Promise<void> {
    try {
      insert((await fill(contact, answer.id)).text, answer.id);
    } catch (error) {
      notify(why(error), { bad: true });
    }
  }

  async function attach(files: File[]): Promise<void> {
    const had = writing(contact, mode).files?.length ?? 0;
    if (had + files.length > MOST) return notify(t("compose.fileTooMany"), { bad: true });
    for (const file of files) {
      setUploading((now) => [...now, file.name]);
      try {
        const taken = await upload(contact, file);
        write(contact, mode, { files: [...(writing(contact, mode).files ?? []), taken] });
      } catch (error) {
        notify(`${file.name}: ${why(error)}`, { bad: true });
      }
      setUploading((now) => now.filter((one) => one !== file.name));
    }
  }

  function pasted(event: ClipboardEvent): void {
    const files = [...event.clipboardData.files];
    if (!files.length || mode === "note") return;
    event.preventDefault();
    void attach(files);
  }

  const noteLabel = whisper ? t("compose.whisperField") : t("compose.noteField");
  return (
    <section
      className={classes.composer}
      data-mode={whisper ? "whisper" : mode}
      aria-label={t("compose.label")}
      data-region
      tabIndex={-1}
      style={{ "--shop": colourOf(story.contact.tenant, shop?.handbook?.colour) } as React.CSSProperties}
    >
      <div className={classes.top}>
        {!whisper && (
          <SegmentedControl
            size="xs"
            aria-label={t("compose.mode")}
            value={mode}
            onChange={(to) => change(to as Mode)}
            data={[
              { value: "reply", label: t("compose.reply") },
              { value: "note", label: t("compose.note") },
            ]}
          />
        )}
        <strong className={classes.as} id={help}>
          {mode === "reply" ? t("compose.replyingAs", { shop: name }) : t("compose.noteBanner")}
        </strong>
        <Saved place={`${contact}:${mode}`} />
      </div>
      <Theirs contact={contact} mode={mode} mine={!whisper} />
      {picking && (
        <AnswerPicker
          contact={contact}
          close={() => {
            setPicking(false);
            field.current?.focus();
          }}
          pick={(answer) => void pick(answer)}
        />
      )}
      <textarea
        id="writing"
        ref={field}
        className={classes.field}
        rows={3}
        data-first
        data-testid="writing"
        aria-label={mode === "reply" ? t("compose.replyField", { shop: name }) : noteLabel}
        placeholder={
          mode === "reply" ? t("compose.replyPlaceholder", { shop: name }) : t("compose.notePlaceholder")
        }
        maxLength={10_000}
        value={here.text}
        onChange={(event) => {
          setFault(contact, null);
          const text = event.currentTarget.value;
          write(contact, mode, { text, ...(text ? {} : { answer: undefined }) });
        }}
        onKeyDown={keyed}
        onPaste={pasted}
        onCompositionEnd={() => once.current.ended()}
      />
      <Slots
        slots={slots}
        select={select}
        fillIn={(slot, value) => {
          const made = put(here.text, slot, value);
          write(contact, mode, { text: made.text });
          requestAnimationFrame(() => {
            const next = nextSlot(made.text, made.end);
            if (next) select(next);
            else field.current?.focus();
          });
        }}
      />
      <Files contact={contact} mode={mode} uploading={uploading} />
      {mode === "reply" && (
        <>
          <Wrong contact={contact} text={here.text} answer={here.answer} anyway={() => go(undefined, true)} />
          <Steps contact={contact} steps={shop?.handbook?.steps ?? []} done={here.steps ?? []} />
        </>
      )}
      <div className={classes.foot}>
        {mode === "reply" && (
          <>
            <Button
              size="compact-sm"
              variant="default"
              aria-keyshortcuts="; /"
              rightSection={<Kbd size="xs">/</Kbd>}
              onClick={() => setPicking(!picking)}
            >
              {t("compose.answers")}
            </Button>
            <ActionIcon
              component="label"
              variant="default"
              size={26}
              aria-label={t("compose.attach")}
              title={t("compose.attach")}
            >
              <Icon name="clip" size={15} />
              <input
                type="file"
                className="spoken"
                multiple
                accept={TYPES}
                aria-label={t("compose.attach")}
                onChange={(event) => {
                  void attach([...(event.currentTarget.files ?? [])]);
                  event.currentTarget.value = "";
                }}
              />
            </ActionIcon>
            {shop && (
              <>
                <Button size="compact-sm" variant="subtle" onClick={() => insert(`${shop.persona.greeting}\n`)}>
                  {t("compose.greeting")}
                </Button>
                <Button size="compact-sm" variant="subtle" onClick={() => insert(`\n${shop.persona.signature}`)}>
                  {t("compose.signature")}
                </Button>
              </>
            )}
          </>
        )}
        <span className={classes.sends}>
          {mode === "reply" && (
            <Button
              variant="default"
              aria-keyshortcuts="Control+Shift+Enter"
              title="Ctrl+Shift+Enter"
              onClick={() => go({ steps: here.steps ?? [], sure: false, next: true })}
            >
              {t("compose.sendResolve")}
            </Button>
          )}
          <Button
            className={classes.send}
            {...(mode === "reply" ? {} : whisper ? { color: "violet" } : { color: "yellow", c: "#212529" })}
            aria-keyshortcuts="Control+Enter"
            title="Ctrl+Enter"
            onClick={() => go()}
          >
            {mode === "reply" ? t("compose.send", { shop: name }) : t("compose.addNote")}
          </Button>
        </span>
      </div>
    </section>
  );
}

/** What this agent wrote elsewhere is there when the contact is opened here. */
function useAdopted(contact: Ref, mine: boolean): void {
  const { own, drafts } = useServerDrafts(contact, mine);
  const taken = useRef(false);
  useEffect(() => {
    if (taken.current || !own || !drafts) return;
    taken.current = true;
    for (const one of drafts) if (one.agent === own) adopt(contact, one.mode, one);
  }, [contact, own, drafts]);
}

function useFocusAsked(
  field: React.RefObject<HTMLTextAreaElement | null>,
  whisper: boolean,
  ready: (wanted: "reply" | "note" | "answers") => void,
): void {
  const ask = useStore(focusAsk);
  const done = useRef(ask.id);
  const latest = useRef(ready);
  latest.current = ready;
  useEffect(() => {
    if (ask.id === done.current || ask.what === "heading") return;
    done.current = ask.id;
    latest.current(whisper ? "note" : ask.what);
    if (ask.what !== "answers") field.current?.focus();
  }, [ask, field, whisper]);
}

function atLineStart(area: HTMLTextAreaElement): boolean {
  const before = area.value.slice(0, area.selectionStart);
  return before === "" || before.endsWith("\n");
}
