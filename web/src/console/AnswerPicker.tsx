import { CloseButton } from "@mantine/core";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CannedAnswer, Ref } from "../api/types";
import { settings } from "../app/settings";
import { day } from "../shared/dates";
import { composing } from "../shared/ime";
import { found } from "../shared/search";
import { preview } from "../shared/slots";
import { useStore } from "../shared/store";
import classes from "./AnswerPicker.module.css";
import { useAnswers } from "./story";

/** This shop's canned answers, and no other's. */
export function AnswerPicker(props: { contact: Ref; pick: (answer: CannedAnswer) => void; close: () => void }) {
  const { t } = useTranslation();
  const { language } = useStore(settings);
  const { data, isPending, isError } = useAnswers(props.contact);
  const [sought, setSought] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const shown = useMemo(
    () => (data ?? []).filter((one) => found(`${one.shortcut} ${one.title} ${one.intent} ${one.text}`, sought)),
    [data, sought],
  );
  useEffect(() => field.current?.focus(), []);
  const current = shown[Math.min(at, shown.length - 1)];

  function keyed(event: KeyboardEvent): void {
    if (composing(event.nativeEvent)) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && shown.length) setAt((now) => (Math.min(now, shown.length - 1) + by + shown.length) % shown.length);
    else if (event.key === "Enter" && current) props.pick(current);
    else if (event.key === "Escape") props.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={classes.picker}>
      <div className={classes.top}>
        <input
          ref={field}
          className={classes.field}
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={current ? `${list} ${current.id}`.replaceAll(" ", "-") : undefined}
          aria-label={t("answers.search")}
          placeholder={t("answers.search")}
          value={sought}
          onChange={(event) => {
            setSought(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={keyed}
        />
        <CloseButton aria-label={t("app.close")} onClick={props.close} />
      </div>
      <ul id={list} className={classes.list} role="listbox" aria-label={t("answers.title")}>
        {shown.map((one) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
          <li
            key={one.id}
            id={`${list} ${one.id}`.replaceAll(" ", "-")}
            role="option"
            aria-selected={one === current}
            className={classes.answer}
            ref={one === current ? (node) => node?.scrollIntoView({ block: "nearest" }) : null}
            onClick={() => props.pick(one)}
          >
            <span className={classes.title}>
              <strong>{one.title}</strong> <code>/{one.shortcut}</code>
            </span>
            <span className={classes.text}>{preview(one.text)}</span>
            <span className={classes.edited}>
              {t("answers.edited", {
                by: one.updated_by.replace(/^[a-z]+:/, ""),
                at: day(new Date(one.updated_at), language),
              })}
            </span>
          </li>
        ))}
      </ul>
      {!shown.length && (
        <p className={classes.none} role="status">
          {isPending
            ? t("app.loading")
            : isError
              ? t("refusal.unavailable")
              : t(data?.length ? "answers.none" : "answers.noneYet")}
        </p>
      )}
    </div>
  );
}
