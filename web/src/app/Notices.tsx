import { Button, CloseButton, Kbd } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { dismiss, NOTICE_MILLIS, type Notice, notices, spoken } from "../shared/notices";
import { useStore } from "../shared/store";
import classes from "./Notices.module.css";

export function Notices() {
  const { t } = useTranslation();
  const shown = useStore(notices);
  return (
    <section className={classes.stack} aria-label={t("done.notices")}>
      {shown.map((notice) => (
        <Shown key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

/** Stays as long as somebody points at it or has the focus in it. */
function Shown({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(notice.id), NOTICE_MILLIS);
    return () => clearTimeout(timer);
  }, [held, notice.id]);
  const undo = notice.undo;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only keeps it from going away
    <div
      className={classes.notice}
      data-tone={notice.tone}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p role={notice.tone === "bad" ? "alert" : "status"}>{notice.text}</p>
      {undo && (
        <Button
          size="compact-sm"
          variant="white"
          aria-keyshortcuts="Z"
          rightSection={<Kbd size="xs">Z</Kbd>}
          onClick={() => {
            dismiss(notice.id);
            void undo();
          }}
        >
          {t("app.undo")}
        </Button>
      )}
      <CloseButton
        size="sm"
        variant="transparent"
        c="inherit"
        aria-label={t("app.close")}
        onClick={() => dismiss(notice.id)}
      />
    </div>
  );
}

/** One polite region, there from the start; what it says is said once. */
export function Announcer() {
  const { id, text } = useStore(spoken);
  const region = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (region.current) region.current.textContent = id && text ? text : "";
  }, [id, text]);
  return <p ref={region} className="spoken" role="status" aria-live="polite" />;
}
