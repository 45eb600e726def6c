import { Button, Skeleton } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "../api/session";
import { type FileShown, type Happened, type Ref, refOf, type Said, type Story } from "../api/types";
import { settings } from "../app/settings";
import { day, full, isoDay, time } from "../shared/dates";
import { Icon } from "../shared/icons";
import { announce } from "../shared/notices";
import { useStore } from "../shared/store";
import { outbox } from "./actions";
import { markSeen } from "./desk";
import { openFile } from "./files";
import type { Item } from "./outbox";
import { useDrafts, useFiles } from "./story";
import classes from "./Talk.module.css";

const DRAWN_WHOLE = 40;
const NEAR = 80;
const HEARD = 100;

type Entry =
  | { kind: "day"; id: string; at: string }
  | { kind: "said"; id: string; said: Said }
  | { kind: "event"; id: string; event: Happened }
  | { kind: "going"; id: string; item: Item };

interface Props {
  contact: Ref;
  story: Story | undefined;
  failed: boolean;
  again: () => void;
  mine: boolean;
}

/** What was said and done, oldest first; only what is new is spoken, and by another region than the list itself. */
export function Talk({ contact, story, failed, again, mine }: Props) {
  const { t } = useTranslation();
  const items = useStore(outbox.items);
  const going = useMemo(() => items.filter((item) => item.ref === contact), [items, contact]);
  useSpoken(story);
  useSeen(contact, story);
  if (!story) return failed ? <Failed again={again} /> : <Loading />;
  const customer = story.customer?.name ?? t("talk.customer");
  const name = t("talk.label", { shop: story.shop?.name ?? "", customer });
  return (
    <section className={classes.talk} aria-label={name} data-region tabIndex={-1}>
      <Viewers contact={contact} mine={mine} />
      <Lines story={story} going={going} name={name} mine={mine} />
    </section>
  );
}

export function Lines({ story, going, name, mine }: { story: Story; going: Item[]; name: string; mine: boolean }) {
  const { t } = useTranslation();
  const files = useFiles(story, mine);
  const entries = useMemo(() => entriesOf(story, going), [story, going]);
  const box = useRef<HTMLDivElement>(null);
  const [below, setBelow] = useState(false);
  const near = useRef(true);
  const whole = entries.length <= DRAWN_WHOLE;
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => guess(entries[index]),
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: 10,
    enabled: !whole,
  });
  const last = entries.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is added at the end moves the view
  useLayoutEffect(() => {
    if (near.current) toEnd();
    else setBelow(true);
  }, [last]);
  function toEnd(): void {
    setBelow(false);
    if (!whole) virtual.scrollToIndex(entries.length - 1, { align: "end" });
    else if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }
  function scrolled(): void {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = box.current ?? {};
    near.current = scrollHeight - scrollTop - clientHeight < NEAR;
    if (near.current) setBelow(false);
  }
  const drawn = whole ? entries.map((_, index) => ({ index, start: null })) : virtual.getVirtualItems();
  return (
    <>
      <div
        ref={box}
        className={classes.scroll}
        onScroll={scrolled}
        tabIndex={0}
        role="group"
        aria-label={name}
        data-first
      >
        {!entries.length && <p className={classes.none}>{t("talk.none")}</p>}
        <ol className={classes.lines} style={whole ? {} : { height: virtual.getTotalSize(), display: "block" }}>
          {drawn.map(({ index, start }) => {
            const entry = entries[index];
            if (!entry) return null;
            return (
              <li
                key={entry.id}
                className={start === null ? classes.entry : classes.placed}
                data-index={index}
                ref={start === null ? null : virtual.measureElement}
                style={start === null ? {} : { transform: `translateY(${start}px)` }}
                aria-setsize={entries.length}
                aria-posinset={index + 1}
              >
                <Drawn entry={entry} story={story} files={files} />
              </li>
            );
          })}
        </ol>
      </div>
      {below && (
        <Button
          className={classes.below}
          size="compact-sm"
          leftSection={<Icon name="down" size={14} />}
          onClick={() => {
            near.current = true;
            toEnd();
          }}
        >
          {t("talk.newBelow")}
        </Button>
      )}
    </>
  );
}

interface DrawnProps {
  entry: Entry;
  story: Story;
  files: FileShown[];
}

/** Drawn anew for what changes in it alone: scrolling draws the list with each frame. */
const Drawn = memo(function Drawn({ entry, story, files }: DrawnProps) {
  const { language } = useStore(settings);
  if (entry.kind === "day") return <p className={classes.day}>{day(new Date(entry.at), language)}</p>;
  if (entry.kind === "event") return <Event event={entry.event} />;
  if (entry.kind === "going") return <Going item={entry.item} />;
  const own = files.filter((file) => file.message === entry.said.id);
  return <Message said={entry.said} story={story} files={own} />;
});

function Message({ said, story, files }: { said: Said; story: Story; files: FileShown[] }) {
  const { t } = useTranslation();
  const { language } = useStore(settings);
  const signed = useStore(session);
  const me = signed.state === "in" ? signed.person.agent : "";
  const at = new Date(said.at);
  const own = said.author === "agent";
  const kind = said.author === "note" ? (said.whisper ? "whisper" : "note") : said.author;
  const named = {
    house: t("talk.house"),
    customer: story.customer?.name ?? t("talk.customer"),
    agent: said.name === me ? t("talk.me") : t("talk.shopTeam", { name: said.name }),
    note: `${t("talk.note")} · ${said.name}`,
    whisper: `${t("talk.whisper")} · ${said.name}`,
    staff: t("talk.staff"),
  }[kind];
  return (
    <article className={classes.message} data-kind={kind}>
      <header className={classes.head}>
        <strong>{named}</strong>
        <time dateTime={said.at} title={full(at, language)}>
          {time(at, language)}
        </time>
        {own && said.effect === "billable" && <span className={classes.billed}>{t("talk.billable")}</span>}
      </header>
      {said.subject && <p className={classes.subject}>{t("talk.subject", { subject: said.subject })}</p>}
      {said.text && <p className={classes.text}>{marked(said.text, kind)}</p>}
      {files.map((file) => (
        <FileLink key={file.id} contact={refOf(story.contact)} file={file} />
      ))}
    </article>
  );
}

function FileLink({ contact, file }: { contact: Ref; file: FileShown }) {
  return (
    <button type="button" className={classes.file} onClick={() => void openFile(contact, file.id)}>
      <Icon name="clip" size={14} /> {file.name} · {Math.ceil(file.size / 1024)} KB
    </button>
  );
}

/** Names of colleagues stand out in notes. */
function marked(text: string, kind: string) {
  if (kind !== "note" && kind !== "whisper") return text;
  return text.split(/(@[a-z0-9]{3,32})/g).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
    part.startsWith("@") ? <mark key={index}>{part}</mark> : part,
  );
}

function Going({ item }: { item: Item }) {
  const { t } = useTranslation();
  return (
    <article className={classes.message} data-kind={item.mode === "note" ? "note" : "agent"} data-going>
      <header className={classes.head}>
        <strong>{item.mode === "note" ? t("talk.note") : t("talk.me")}</strong>
        <span>{t(`talk.${item.state}`)}</span>
      </header>
      <p className={classes.text}>{item.body.text}</p>
    </article>
  );
}

function Event({ event }: { event: Happened }) {
  const { t, i18n } = useTranslation();
  const { language } = useStore(settings);
  const actor = event.actor.replace(/^[a-z]+:/, "");
  const key = `event.${event.action.replaceAll("-", "_")}` as "event.spam";
  const known = i18n.exists(key) ? key : "event.other";
  return (
    <p className={classes.event}>
      {t(known, { actor, detail: event.detail ?? "", action: event.action })} ·{" "}
      {time(new Date(event.at), language)}
    </p>
  );
}

function Viewers({ contact, mine }: { contact: Ref; mine: boolean }) {
  const { t } = useTranslation();
  const names = useDrafts(contact, mine).data?.viewers ?? [];
  if (!names.length) return null;
  return (
    <p className={classes.viewers}>
      <Icon name="eye" size={15} /> {t("talk.viewers", { names: names.join(", ") })}
    </p>
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <div className={classes.loading} role="status" aria-label={t("app.loading")}>
      <Skeleton h={56} w="46%" radius="md" />
      <Skeleton h={72} w="52%" radius="md" ml="auto" />
      <Skeleton h={40} w="38%" radius="md" />
    </div>
  );
}

function Failed({ again }: { again: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.loading} role="alert">
      <p>{t("talk.failed")}</p>
      <Button variant="default" onClick={again}>
        {t("app.retry")}
      </Button>
    </div>
  );
}

function entriesOf(story: Story, going: Item[]): Entry[] {
  const stored = new Set(story.messages.map((one) => one.id));
  const told = [
    ...story.messages.map((said) => ({ at: said.at, entry: { kind: "said", id: said.id, said } as Entry })),
    ...story.events.map((event) => ({ at: event.at, entry: { kind: "event", id: event.id, event } as Entry })),
  ].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const found: Entry[] = [];
  let today = "";
  for (const { at, entry } of told) {
    const date = isoDay(new Date(at));
    if (date !== today) found.push({ kind: "day", id: `day ${date}`, at });
    today = date;
    found.push(entry);
  }
  const open = going.filter((item) => !stored.has(item.key) && item.state !== "resolving");
  return [...found, ...open.map((item): Entry => ({ kind: "going", id: item.key, item }))];
}

function guess(entry: Entry | undefined): number {
  if (entry?.kind !== "said") return 40;
  return 62 + Math.ceil(entry.said.text.length / 40) * 22;
}

/** The customer's new messages are heard, and a burst of them as a number. */
function useSpoken(story: Story | undefined): void {
  const { t } = useTranslation();
  const heard = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!story) return;
    const fresh = story.messages.filter((one) => !heard.current?.has(one.id) && one.author !== "agent");
    const first = heard.current === null;
    heard.current = new Set(story.messages.map((one) => one.id));
    const [one] = fresh;
    if (first || !one) return;
    const customer = story.customer?.name ?? t("talk.customer");
    const name = { customer, house: t("talk.house"), staff: t("talk.staff"), note: t("talk.note"), agent: "" }[
      one.author
    ];
    if (fresh.length === 1) announce(t("talk.said", { name, text: [...one.text].slice(0, HEARD).join("") }));
    else announce(t("talk.burst", { count: fresh.length }));
  }, [story, t]);
}

function useSeen(contact: Ref, story: Story | undefined): void {
  const version = story?.contact.version ?? 0;
  useEffect(() => {
    const mark = () => {
      if (!document.hidden) markSeen(contact, version);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [contact, version]);
}
