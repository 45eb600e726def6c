import { ActionIcon, Badge, Button, Kbd, Menu, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { session, signOut } from "../api/session";
import type { BreakKind, Desk, Ref } from "../api/types";
import { settings } from "../app/settings";
import { countdown } from "../shared/dates";
import { Icon } from "../shared/icons";
import { announce } from "../shared/notices";
import { useStore } from "../shared/store";
import { comeBack, dialog, forgetAll, goHome, rest, show, takeNext, taking } from "./actions";
import { presenceOpen, run } from "./commands";
import { leaseEnd } from "./desk";
import { useLeft } from "./Network";
import classes from "./TopBar.module.css";

const BREAKS: BreakKind[] = ["meal", "rest", "training", "care"];
const QUIET = 30_000;

export function TopBar({
  desk,
  opened,
  writing,
}: {
  desk: Desk | undefined;
  opened: Ref | null;
  writing: boolean;
}) {
  const { t } = useTranslation();
  const busy = useStore(taking);
  const waiting = desk?.waiting ?? 0;
  useQueueSpoken(waiting);
  return (
    <header className={classes.bar}>
      {writing && (
        <a className={classes.skip} href="#writing">
          {t("app.skip")}
        </a>
      )}
      {opened ? (
        <ActionIcon
          className={classes.narrow}
          variant="subtle"
          color="gray"
          aria-label={t("bar.list")}
          onClick={() => show(null)}
        >
          <Icon name="back" />
        </ActionIcon>
      ) : null}
      <span className={classes.name}>{t("app.name")}</span>
      <Button
        size="sm"
        loading={busy}
        disabled={!!desk?.agent.break_kind}
        aria-keyshortcuts="N"
        rightSection={<Kbd className={classes.key}>N</Kbd>}
        onClick={() => void takeNext()}
      >
        {t("bar.next")}
      </Button>
      <Text size="sm" className={classes.count} data-busy={waiting > 0 || undefined}>
        {waiting ? t("bar.waiting", { count: waiting }) : t("bar.nothing")}
      </Text>
      {!!desk?.hands && (
        <Badge
          color="orange"
          variant="light"
          size="lg"
          className={classes.hands}
          leftSection={<Icon name="hand" size={14} />}
        >
          {t("bar.hands", { count: desk.hands })}
        </Badge>
      )}
      <span className={classes.gap} />
      {desk && (
        <span
          className={classes.load}
          title={t("bar.loadLong", { load: desk.agent.load, capacity: desk.agent.capacity })}
        >
          <span className="spoken">
            {t("bar.loadLong", { load: desk.agent.load, capacity: desk.agent.capacity })}
          </span>
          <span aria-hidden>{t("bar.load", { load: desk.agent.load, capacity: desk.agent.capacity })}</span>
        </span>
      )}
      {!!desk?.held.length && <Lease />}
      <Presence desk={desk} />
      <Tool name="chart" label={t("bar.figures")} keys="F" onClick={() => run("figures", null, false)} />
      <Tool
        name="search"
        label={t("bar.palette")}
        keys="Control+K"
        onClick={() => dialog.set({ kind: "palette" })}
      />
      <Tool name="gear" label={t("bar.settings")} keys="," onClick={() => dialog.set({ kind: "settings" })} />
      <Tool name="help" label={t("bar.help")} keys="?" onClick={() => dialog.set({ kind: "help" })} />
    </header>
  );
}

function Tool(props: {
  name: "chart" | "search" | "gear" | "help";
  label: string;
  keys: string;
  onClick: () => void;
}) {
  return (
    <ActionIcon
      className={classes.tool}
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={props.label}
      title={`${props.label} · ${props.keys}`}
      aria-keyshortcuts={props.keys}
      onClick={props.onClick}
    >
      <Icon name={props.name} />
    </ActionIcon>
  );
}

/** How long what is held stays, without another heartbeat. */
function Lease() {
  const { t } = useTranslation();
  const left = useLeft(useStore(leaseEnd));
  return (
    <span className={classes.lease} data-short={left < 30_000 || undefined} aria-live="off">
      {t("bar.lease", { left: countdown(left) })}
    </span>
  );
}

function Presence({ desk }: { desk: Desk | undefined }) {
  const { t } = useTranslation();
  const opened = useStore(presenceOpen);
  const paused = desk?.agent.break_kind || "";
  const state = paused ? t(`presence.${paused}`) : t("presence.working");
  const signed = useStore(session);
  const name = desk?.agent.name || (signed.state === "in" ? (signed.person.agent ?? "") : "");
  async function out(): Promise<void> {
    if (desk?.held.length && !(await goHome())) return;
    await signOut();
    forgetAll();
  }
  return (
    <Menu
      opened={opened}
      onChange={(to) => presenceOpen.set(to)}
      position="bottom-end"
      width={220}
      returnFocus
      trapFocus
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          aria-keyshortcuts="P"
          title={t("presence.label", { state })}
          leftSection={<span className={classes.dot} data-paused={!!paused || undefined} />}
          rightSection={<Icon name="chevron" size={14} />}
        >
          <span className={classes.who}>{name}</span> {state}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {paused ? (
          <Menu.Item onClick={() => void comeBack()}>{t("presence.back")}</Menu.Item>
        ) : (
          <>
            <Menu.Label>{t("presence.goOn")}</Menu.Label>
            {BREAKS.map((kind) => (
              <Menu.Item key={kind} onClick={() => void rest(kind)}>
                {t(`presence.${kind}`)}
              </Menu.Item>
            ))}
          </>
        )}
        <Menu.Divider />
        <Menu.Item onClick={() => void goHome()}>{t("presence.leave")}</Menu.Item>
        <Menu.Item onClick={() => void out()}>{t("signIn.out")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Tell how many wait, seldom, and only if it changed. */
function useQueueSpoken(waiting: number): void {
  const { t } = useTranslation();
  const chosen = useStore(settings).announceQueue;
  const last = useRef({ at: 0, waiting: 0 });
  useEffect(() => {
    if (!chosen || waiting === last.current.waiting || Date.now() - last.current.at < QUIET) return;
    last.current = { at: Date.now(), waiting };
    announce(waiting ? t("bar.waiting", { count: waiting }) : t("bar.nothing"));
  }, [waiting, chosen, t]);
}
