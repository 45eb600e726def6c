import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  approveReopening,
  askReopening,
  closeMonth,
  type Period,
  type Place,
  type Repaired,
  repairMonth,
} from "../api/calls/finance";
import { why } from "../i18n";
import { Confirm } from "../shared/Confirm";
import { AreaField } from "../shared/Field";
import { announce, notify } from "../shared/notices";
import shared from "../shared/page.module.css";
import classes from "./finance.module.css";
import { By, Difference, Item, useMyName } from "./Said";

interface ActionsProps {
  period: Period;
  place: Place;
  /** Tell that something of the month changed, and how it is now if that is known. */
  moved: (after?: Period) => Promise<void>;
  /** What else can be done, beside these. */
  children: ReactNode;
}

/** What a person does about a month; each step of the close is one press, so that its outcome is seen. */
export function MonthActions({ period, place, moved, children }: ActionsProps) {
  const { t } = useTranslation("finance");
  const mine = useMyName();
  const [busy, setBusy] = useState<"next" | "repair" | "">("");
  const [wrong, setWrong] = useState("");
  const [repaired, setRepaired] = useState<Repaired | null>(null);
  const [asking, setAsking] = useState(false);
  const [approving, setApproving] = useState(false);
  const locked = period.state === "locked";
  const passed = !["open", "closing"].includes(period.state);

  // A button is disabled while it is busy, and browsers take the focus from what is disabled.
  const pressed = useRef<Element | null>(null);
  useEffect(() => {
    if (busy || document.activeElement !== document.body) return;
    if (pressed.current instanceof HTMLElement) pressed.current.focus();
  }, [busy]);

  async function act(name: "next" | "repair", what: () => Promise<void>): Promise<void> {
    pressed.current = document.activeElement;
    setBusy(name);
    setWrong("");
    try {
      await what();
    } catch (error) {
      setWrong(why(error));
      await moved();
    }
    setBusy("");
  }

  async function next(): Promise<void> {
    setRepaired(null);
    const after = await closeMonth(place, period.version);
    const stayed = after.state === period.state;
    if (stayed) notify(t("month_.notYet"));
    else announce(t("month_.moved", { state: t(`state.${after.state}`) }));
    await moved(after);
  }

  async function repair(): Promise<void> {
    setRepaired(await repairMonth(place));
    await moved();
  }

  /** Ask for a reopening, or approve it; who is refused sees how the month is by now. */
  async function reopen(what: () => Promise<Period>): Promise<void> {
    let after: Period | undefined;
    try {
      after = await what();
    } finally {
      await moved(after);
    }
  }

  return (
    <>
      {period.asked_by && (
        <div className={classes.note} role="status">
          <p>
            {t("month_.asked")} <By of={period.asked_by} /> · {period.asked_why}
          </p>
          {period.asked_by === mine && <p className={shared.muted}>{t("month_.askedByMe")}</p>}
        </div>
      )}
      <div className={shared.actions}>
        {!locked && (
          <Button onClick={() => void act("next", next)} loading={busy === "next"} disabled={busy === "repair"}>
            {t("month_.next")}
          </Button>
        )}
        {!passed && (
          <Button
            variant="default"
            onClick={() => void act("repair", repair)}
            loading={busy === "repair"}
            disabled={busy === "next"}
          >
            {t("month_.repair")}
          </Button>
        )}
        {passed && !period.asked_by && (
          <Button variant="default" onClick={() => setAsking(true)}>
            {t("month_.reopen")}
          </Button>
        )}
        {period.asked_by && period.asked_by !== mine && (
          <Button variant="default" onClick={() => setApproving(true)}>
            {t("month_.approve")}
          </Button>
        )}
        {children}
      </div>
      {wrong && (
        <p role="alert" className={shared.wrong}>
          {wrong}
        </p>
      )}
      {repaired && <Outcome of={repaired} />}
      {asking && (
        <Reopening
          act={(reason) => reopen(() => askReopening(place, period.version, reason))}
          close={() => setAsking(false)}
        />
      )}
      {approving && (
        <Confirm
          title={t("month_.approveTitle")}
          verb={t("month_.approve")}
          danger
          act={() => reopen(() => approveReopening(place, period.version))}
          close={() => setApproving(false)}
        >
          <p>{t("month_.approveHelp")}</p>
        </Confirm>
      )}
    </>
  );
}

function Outcome({ of }: { of: Repaired }) {
  const { t } = useTranslation("finance");
  return (
    <div className={classes.note} role="status">
      <p>{of.repaired.length ? t("repair.sent", { count: of.repaired.length }) : t("repair.nothing")}</p>
      {of.repaired.length > 0 && (
        <ul>
          {of.repaired.map((window) => (
            <li key={window}>
              <Item of={window} />
            </li>
          ))}
        </ul>
      )}
      {of.left.length > 0 && (
        <>
          <p>{t("repair.left", { count: of.left.length })}</p>
          <ul>
            {of.left.map((one) => (
              <li key={one.rule + one.item}>
                {one.rule} <Item of={one.item} /> (<Difference of={one.difference} rule={one.rule} />){" "}
                {t(`cause.${one.cause}`)}: {t(`stays.${one.why}`)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Reopening(props: { act: (reason: string) => Promise<unknown>; close: () => void }) {
  const { t } = useTranslation("finance");
  const [reason, setReason] = useState("");
  return (
    <Confirm
      title={t("month_.reopenTitle")}
      verb={t("month_.reopen")}
      ready={reason.trim() !== ""}
      act={() => props.act(reason)}
      close={props.close}
    >
      <p>{t("month_.reopenHelp")}</p>
      <AreaField label={t("reason")} value={reason} onChange={setReason} rows={3} maxLength={500} />
    </Confirm>
  );
}
