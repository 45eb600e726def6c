import { Button } from "@mantine/core";
import type { TFunction } from "i18next";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { check } from "../api/calls";
import type { Refused } from "../api/errors";
import type { Finding, Handbook, Ref } from "../api/types";
import { why } from "../i18n";
import { isOpen } from "../shared/slots";
import { useStore } from "../shared/store";
import { faults } from "./actions";
import classes from "./Composer.module.css";
import { write } from "./drafts";

const PAUSE = 700;

/** What is wrong with the text: as the agent writes, and once the server has refused it. */
export function Wrong(props: { contact: Ref; text: string; answer?: string | undefined; anyway: () => void }) {
  const { t } = useTranslation();
  const fault = useStore(faults)[props.contact];
  const found = useFindings(props.contact, props.text, props.answer).filter(
    (one) => one.code !== "script_step_missing",
  );
  const passes = found.length > 0 && found.every((one) => one.sure) && (!fault || fault.code === "forbidden_word");
  if (!found.length && !fault) return null;
  const moved = fault?.code === "version_mismatch";
  return (
    <div className={classes.wrong} role={fault ? "alert" : "status"} data-refused={!!fault || undefined}>
      {fault && <strong>{moved ? t("moved.title") : t("compose.restored")}</strong>}
      {moved && <p>{t("moved.help")}</p>}
      {fault && !moved && !found.length && <p>{said(t, asFinding(fault)) ?? why(fault)}</p>}
      <ul>
        {found.map((one) => (
          <li key={`${one.code} ${one.kind} ${one.what}`}>{said(t, one)}</li>
        ))}
      </ul>
      {passes && (
        <Button size="compact-xs" variant="default" onClick={props.anyway}>
          {t("compose.anyway")}
        </Button>
      )}
    </div>
  );
}

/** The steps of the shop's script, ticked off as they are done. */
export function Steps(props: { contact: Ref; steps: NonNullable<Handbook["steps"]>; done: string[] }) {
  const { t } = useTranslation();
  const { contact, steps, done } = props;
  if (!steps.length) return null;
  const toggle = (id: string) => (done.includes(id) ? done.filter((one) => one !== id) : [...done, id]);
  return (
    <fieldset className={classes.steps}>
      <legend>{t("compose.steps")}</legend>
      {steps.map((step) => (
        <label key={step.id} className={classes.step}>
          <input
            type="checkbox"
            checked={done.includes(step.id)}
            onChange={() => write(contact, "reply", { steps: toggle(step.id) })}
          />
          <span>
            {step.text}
            {step.needed && <em> {t("compose.stepNeeded")}</em>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function useFindings(contact: Ref, text: string, answer: string | undefined): Finding[] {
  const [found, setFound] = useState<{ text: string; findings: Finding[] }>({ text: "", findings: [] });
  useEffect(() => {
    if (!text.trim() || isOpen(text)) return;
    let stale = false;
    const timer = setTimeout(async () => {
      try {
        const { findings } = await check(contact, { text, ...(answer ? { answer } : {}) });
        if (!stale) setFound({ text, findings });
      } catch {
        // The server looks again when it is sent.
      }
    }, PAUSE);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [contact, text, answer]);
  return text.trim() && !isOpen(text) ? found.findings : [];
}

function asFinding(fault: Refused): Finding {
  const [kind, instead] = [fault.detail("kind"), fault.detail("instead")];
  return {
    code: fault.code as Finding["code"],
    what: fault.detail("what"),
    ...(kind ? { kind: kind as Finding["kind"] & string } : {}),
    ...(instead ? { instead } : {}),
  };
}

function said(t: TFunction, one: Finding): string | null {
  const { what, instead = "" } = one;
  switch (one.code) {
    case "wrong_shop": {
      const kinds = ["answer", "link", "name", "persona", "file"] as const;
      const kind = kinds.find((known) => known === one.kind);
      return kind ? t(`finding.wrong_shop_${kind}`, { what }) : t("finding.wrong_shop", { what });
    }
    case "forbidden_word":
      return instead
        ? t("finding.forbidden_word_instead", { what, instead })
        : t("finding.forbidden_word", { what });
    case "open_slot":
      return t("finding.open_slot", { what });
    case "script_step_missing":
      return t("finding.script_step_missing", { what });
    default:
      return null;
  }
}
