import { Kbd } from "@mantine/core";
import { type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Ref, refOf } from "../../api/types";
import { composing } from "../../shared/ime";
import { COMMANDS, type Command, label } from "../../shared/keys";
import { found } from "../../shared/search";
import { show } from "../actions";
import { isPossible, run } from "../commands";
import { desk } from "../desk";
import { story } from "../story";
import { undo } from "../useKeys";
import classes from "./dialogs.module.css";

interface Entry {
  id: string;
  name: string;
  keys: string;
  go: () => void;
}

/** Everything that can be done now, found by a word; each with its key, so that it is learnt. */
export function PaletteBody({ opened, close }: { opened: Ref | null; close: () => void }) {
  const { t } = useTranslation();
  const [sought, setSought] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const held = desk()?.held ?? [];
  const mine = held.some((one) => refOf(one) === opened);
  const commands: Entry[] = (Object.keys(COMMANDS) as Command[])
    .filter((one) => isPossible(one, mine))
    .map((one) => ({
      id: one,
      name: t(`act.${one}`),
      keys: label(one),
      go: () => (one === "undo" ? undo() : run(one, opened, mine)),
    }));
  const contacts: Entry[] = held.map((one) => {
    const known = story(refOf(one));
    const name = [known?.shop?.name ?? one.tenant, known?.customer?.name].filter(Boolean).join(" · ");
    return { id: refOf(one), name, keys: "", go: () => show(refOf(one)) };
  });
  const shown = [...commands, ...contacts].filter((one) => found(`${one.name} ${one.id}`, sought));
  const current = shown[Math.min(at, shown.length - 1)];

  function choose(entry: Entry): void {
    close();
    // What it opens takes the focus once this dialog has given it back.
    setTimeout(entry.go, 0);
  }

  function keyed(event: KeyboardEvent): void {
    if (composing(event.nativeEvent)) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && shown.length) setAt((Math.min(at, shown.length - 1) + by + shown.length) % shown.length);
    else if (event.key === "Enter" && current) choose(current);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <input
        className={classes.field}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={current ? `${list}${current.id}` : undefined}
        aria-label={t("palette.field")}
        placeholder={t("palette.field")}
        data-autofocus
        value={sought}
        onChange={(event) => {
          setSought(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={keyed}
      />
      <ul id={list} className={classes.list} role="listbox" aria-label={t("palette.group")}>
        {shown.map((one) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
          <li
            key={one.id}
            id={`${list}${one.id}`}
            role="option"
            aria-selected={one === current}
            className={classes.entry}
            ref={one === current ? (node) => node?.scrollIntoView({ block: "nearest" }) : null}
            onClick={() => choose(one)}
          >
            {one.name}
            {one.keys && <Kbd size="xs">{one.keys}</Kbd>}
          </li>
        ))}
      </ul>
      {!shown.length && <p role="status">{t("palette.none")}</p>}
    </>
  );
}
