import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { readHands } from "../api/calls";
import { session } from "../api/session";
import { type Contact, type Desk, type Hand, partsOf, type Ref, refOf } from "../api/types";
import { settings } from "../app/settings";
import { colourOf } from "../shared/colour";
import { ago } from "../shared/dates";
import { Icon } from "../shared/icons";
import { announce } from "../shared/notices";
import { useStore } from "../shared/store";
import { comeBack, outbox } from "./actions";
import classes from "./ContactList.module.css";
import { isUnread, seen, serverNow } from "./desk";
import { isBegun, writings } from "./drafts";
import { ShopTile } from "./ShopTile";
import { useShop } from "./shops";
import { useStory } from "./story";

const ROW = 72;
const DRAWN_WHOLE = 60;

/** What the agent holds, oldest first, and for leads the hands that are up. */
export function ContactList(props: { desk: Desk | undefined; opened: Ref | null; failed: boolean }) {
  const { t } = useTranslation();
  const { desk, opened } = props;
  const held = [...(desk?.held ?? [])].sort((one, other) => (one.opened_at < other.opened_at ? -1 : 1));
  useUnreadTold(held, opened);
  const signed = useStore(session);
  const lead = signed.state === "in" && signed.person.kind === "lead";
  const paused = desk?.agent.break_kind;
  return (
    <div className={classes.all}>
      {paused && (
        <div className={classes.paused} role="status">
          <strong>{t("presence.onBreak", { kind: t(`presence.${paused}`) })}</strong>
          <p>{t("presence.onBreakHelp")}</p>
          <Button size="xs" onClick={() => void comeBack()}>
            {t("presence.back")}
          </Button>
        </div>
      )}
      <h2 className={classes.title}>{t("list.mine")}</h2>
      {props.failed && <p className={classes.hint}>{t("refusal.unavailable")}</p>}
      {desk && !held.length && (
        <div className={classes.hint}>
          <p>{t("list.empty")}</p>
          <p>{t("list.emptyHelp")}</p>
        </div>
      )}
      <Rows held={held} opened={opened} />
      {lead && <Hands opened={opened} count={desk?.hands ?? 0} />}
    </div>
  );
}

function Rows({ held, opened }: { held: Contact[]; opened: Ref | null }) {
  const { t } = useTranslation();
  const { language } = useStore(settings);
  const box = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<Ref | null>(null);
  const kept = held.findIndex((one) => refOf(one) === focused);
  const whole = held.length <= DRAWN_WHOLE;
  const virtual = useVirtualizer({
    count: held.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
    enabled: !whole,
    // A row that has the focus stays: were it gone, so would be the keys that scroll.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return kept < 0 || shown.includes(kept) ? shown : [...shown, kept].sort((one, other) => one - other);
    },
  });
  const at = held.findIndex((one) => refOf(one) === opened);
  useEffect(() => {
    if (!whole && at >= 0) virtual.scrollToIndex(at);
  }, [whole, at, virtual]);
  const now = new Date(serverNow());
  const drawn = whole ? held.map((_, index) => ({ index, start: index * ROW })) : virtual.getVirtualItems();
  return (
    <div ref={box} className={classes.scroll}>
      <ul className={classes.rows} style={{ height: held.length * ROW }} aria-label={t("list.mine")}>
        {drawn.map(({ index, start }) => {
          const one = held[index];
          return one ? (
            <li
              key={refOf(one)}
              className={classes.place}
              style={{ transform: `translateY(${start}px)` }}
              aria-setsize={held.length}
              aria-posinset={index + 1}
              onFocus={() => setFocused(refOf(one))}
            >
              <Row
                held={one}
                since={ago(new Date(one.changed_at), now, language)}
                current={refOf(one) === opened}
                first={index === 0}
              />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

interface RowProps {
  held: Contact;
  since: string;
  current: boolean;
  first: boolean;
}

/** Drawn anew for what changes in it alone: scrolling draws the list with each frame. */
const Row = memo(function Row({ held, since, current, first }: RowProps) {
  const { t } = useTranslation();
  const ref = refOf(held);
  const unread = isUnread(held, useStore(seen)) && !current;
  const begun = isBegun(useStore(writings), ref);
  const going = useStore(outbox.items).find((item) => item.ref === ref);
  const { data: story } = useStory(current ? ref : null);
  const known = useKnown(ref) ?? story;
  const { name, colour } = useShop(held.tenant);
  const last = known?.messages.findLast((one) => one.author === "customer");
  return (
    <Link
      to="/console/$tenant/$contact"
      params={partsOf(ref)}
      className={classes.row}
      aria-current={current ? "true" : undefined}
      data-unread={unread || undefined}
      data-first={first || undefined}
      style={{ "--edge": colourOf(held.tenant, colour) } as React.CSSProperties}
    >
      <ShopTile id={held.tenant} name={name} colour={colour} />
      <span className={classes.words}>
        <span className={classes.line}>
          <strong className={classes.shop}>{name}</strong>
          <span className={classes.since}>{since}</span>
        </span>
        <span className={classes.line}>
          <span className={classes.text}>
            {known?.customer?.name ? `${known.customer.name} · ` : ""}
            {last?.text ?? t(`channel.${held.channel}`)}
          </span>
          {unread && <span className={classes.dot}>{t("list.unread")}</span>}
        </span>
        <span className={classes.marks}>
          {last && <span>{t(`channel.${held.channel}`)}</span>}
          {held.hand_at && (
            <span className={classes.mark}>
              <Icon name="hand" size={12} /> {t("list.hand")}
            </span>
          )}
          {going && (
            <span className={classes.mark}>{t(going.state === "waiting" ? "list.unsent" : "list.sending")}</span>
          )}
          {begun && !going && <span className={classes.mark}>{t("list.draft")}</span>}
        </span>
      </span>
    </Link>
  );
});

/** What was read of a contact already; a row reads nothing by itself, since each reading is on record. */
function useKnown(ref: Ref) {
  return useQuery<import("../api/types").Story>({ queryKey: ["story", ref], enabled: false }).data;
}

function Hands({ opened, count }: { opened: Ref | null; count: number }) {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ["hands", count], queryFn: readHands, refetchInterval: 10_000 });
  const hands = data?.hands ?? [];
  if (!hands.length) return null;
  return (
    <section className={classes.hands} aria-label={t("list.hands")}>
      <h2 className={classes.title}>{t("list.hands")}</h2>
      <ul className={classes.plain}>
        {hands.map((hand) => (
          <HandRow key={hand.contact} hand={hand} opened={opened} />
        ))}
      </ul>
    </section>
  );
}

function HandRow({ hand, opened }: { hand: Hand; opened: Ref | null }) {
  const { t } = useTranslation();
  const { language } = useStore(settings);
  const { tenant, contact } = hand;
  const { name, colour } = useShop(tenant);
  return (
    <li>
      <Link
        to="/console/$tenant/$contact"
        params={{ tenant, contact }}
        className={classes.row}
        aria-current={opened === `${tenant}/${contact}` ? "true" : undefined}
        style={{ "--edge": colourOf(tenant, colour) } as React.CSSProperties}
      >
        <ShopTile id={tenant} name={name} colour={colour} />
        <span className={classes.words}>
          <span className={classes.line}>
            <strong className={classes.shop}>{name}</strong>
            <span className={classes.since}>{ago(new Date(hand.since), new Date(serverNow()), language)}</span>
          </span>
          <span className={classes.text}>{t("list.by", { agent: hand.agent })}</span>
        </span>
      </Link>
    </li>
  );
}

/** Unread contacts show in the page's title, and are told once each. */
function useUnreadTold(held: Contact[], opened: Ref | null): void {
  const { t } = useTranslation();
  const read = useStore(seen);
  const count = held.filter((one) => isUnread(one, read) && refOf(one) !== opened).length;
  useEffect(() => {
    document.title = `${count ? `(${count}) ` : ""}${t("app.name")}`;
    if (count) announce(t("talk.burst", { count }));
  }, [count, t]);
}
