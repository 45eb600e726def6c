import { Button } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { why } from "../i18n";
import classes from "./Confirm.module.css";

interface DialogProps {
  title: string;
  close: () => void;
  children: ReactNode;
  /** A sheet comes from below on narrow screens. */
  sheet?: boolean;
  /** Whether only its own button closes it, for what is shown but once. */
  firm?: boolean;
}

/** A dialog of the browser's own: it keeps the focus, Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, close, children, sheet, firm }: DialogProps) {
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  // Who selects a text and lets go beside the dialog means the text.
  const begunBeside = useRef(false);
  useEffect(() => {
    const before = document.activeElement;
    if (!box.current?.open) box.current?.showModal();
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by itself
    <dialog
      ref={box}
      className={classes.dialog}
      data-sheet={sheet || undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!firm) close();
      }}
      onPointerDown={(event) => {
        begunBeside.current = event.target === box.current;
      }}
      onClick={(event) => !firm && begunBeside.current && event.target === box.current && close()}
    >
      <div className={classes.inside}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  /** What happens then. */
  children: ReactNode;
  /** The verb on the button. */
  verb: string;
  danger?: boolean;
  /** Whether the button is there yet, for questions that must be answered first. */
  ready?: boolean;
  act: () => Promise<unknown>;
  close: () => void;
}

/** Ask before something is done; what is refused is said in the dialog, which stays. */
export function Confirm({ title, children, verb, danger, ready = true, act, close }: ConfirmProps) {
  const { t } = useTranslation("shared");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setWrong("");
    try {
      await act();
      close();
    } catch (error) {
      setWrong(why(error));
      setBusy(false);
    }
  }
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <div className={classes.body}>{children}</div>
        {wrong && (
          <p role="alert" className={classes.wrong}>
            {wrong}
          </p>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!ready} {...(danger ? { color: "red.9" } : {})}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
