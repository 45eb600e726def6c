import i18next from "i18next";
import { useEffect } from "react";
import type { Ref } from "../api/types";
import { settings } from "../app/settings";
import { type Command, commandOf, isChord, takesText } from "../shared/keys";
import { notify, undoLast } from "../shared/notices";
import { dialog } from "./actions";
import { run } from "./commands";

/** The keys of the console; while a dialog is open they are its own. */
export function useKeys(ref: Ref | null, mine: boolean): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if (isChord(event, "k")) {
        event.preventDefault();
        dialog.set((now) => (now?.kind === "palette" ? null : { kind: "palette" }));
        return;
      }
      if (dialog.get() || document.querySelector("[role=menu]")) return;
      if (event.key === "F6") {
        event.preventDefault();
        nextRegion(event.shiftKey ? -1 : 1);
        return;
      }
      if (!settings.get().letters || takesText(event.target)) return;
      const command = commandOf(event);
      if (!command) return;
      event.preventDefault();
      if (command === "undo") undo();
      else run(command, ref, mine);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [ref, mine]);
}

export function undo(): void {
  if (!undoLast()) notify(i18next.t("done.nothingToUndo"));
}

function nextRegion(by: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((one) => one.offsetParent);
  const at = regions.findIndex((one) => one.contains(document.activeElement));
  const next = regions[at < 0 ? 0 : (at + by + regions.length) % regions.length];
  (next?.querySelector<HTMLElement>("[data-first]") ?? next)?.focus();
}

export type { Command };
