import { Button } from "@mantine/core";
import { type RefObject, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./Confirm";
import { takesText } from "./keys";
import classes from "./Table.module.css";
import type { TableControl } from "./table";

const KEYS = [
  ["J K", "keyRows"],
  ["Enter", "keyOpen"],
  ["Space", "keyChoose"],
  ["Ctrl+C", "keyCopy"],
  ["/", "keyFilter"],
  ["S", "keySort"],
  ["[ ]", "keyPages"],
] as const;

/** Which keys a table knows. */
export function TableKeys({ close }: { close: () => void }) {
  const { t } = useTranslation("shared");
  return (
    <Dialog title={t("keys")} close={close}>
      <dl className={classes.keys}>
        {KEYS.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <Button variant="default" onClick={close}>
        {t("close")}
      </Button>
    </Dialog>
  );
}

/** Single keys act outside of fields and dialogs alone, also while Hangul is on.
 *  They are for the table that has the focus, else for the first one. */
export function useTableKeys(
  box: RefObject<HTMLElement | null>,
  control: TableControl | undefined,
  next: string | null | undefined,
  help: () => void,
): void {
  useEffect(() => {
    function pressed(event: globalThis.KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || takesText(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      const key = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
      const whole = box.current?.parentElement;
      const meant = document.activeElement?.closest("[data-table]") ?? document.querySelector("[data-table]");
      if (meant !== whole) return;
      const act: Record<string, (() => void) | undefined> = {
        j: () => step(box.current, 1),
        k: () => step(box.current, -1),
        "/": () => whole?.querySelector<HTMLElement>("[data-filter]")?.focus(),
        s: () => whole?.querySelector<HTMLElement>("[data-sort]")?.focus(),
        "[": control?.hasBack ? control.back : undefined,
        "]": next ? () => control?.go(next) : undefined,
        "?": help,
      };
      const found = act[key];
      if (!found) return;
      event.preventDefault();
      found();
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [box, control, next, help]);
}

function step(box: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(box?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const to = rows[Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
}
