import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LaterKind, Ref } from "../../api/types";
import { isoDay, seoulInstant, time } from "../../shared/dates";
import { putOff } from "../actions";
import { serverNow } from "../desk";
import { writing } from "../drafts";
import classes from "./dialogs.module.css";

const MINUTE = 60_000;
const LATEST = 30 * 24 * 60 * MINUTE;

/** When a contact comes back: a few times that are wanted often, by number keys too, or any other. */
export function LaterBody({ contact, kind, close }: { contact: Ref; kind: LaterKind; close: () => void }) {
  const { t } = useTranslation();
  const now = new Date(serverNow());
  const [own, setOwn] = useState(() => local(new Date(now.getTime() + 60 * MINUTE)));
  const [wrong, setWrong] = useState(false);
  const text = kind === "send" ? writing(contact, "reply").text.trim() : "";
  if (kind === "send" && !text) return <Text>{t("later.noText")}</Text>;
  const choices = presets(now);

  async function choose(until: Date): Promise<void> {
    const ahead = until.getTime() - serverNow();
    if (!(ahead >= MINUTE && ahead <= LATEST)) return setWrong(true);
    close();
    await putOff(contact, kind, until);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: number keys are a shorter way to the buttons below
    <div
      onKeyDown={(event) => {
        const chosen = choices[Number(event.key) - 1];
        if (chosen && !(event.target instanceof HTMLInputElement)) void choose(chosen.at);
      }}
    >
      <Stack>
        {text && (
          <>
            <blockquote className={classes.quote} aria-label={t("later.text")}>
              {text}
            </blockquote>
            <Text size="sm">{t("later.sendHelp")}</Text>
          </>
        )}
        <div className={classes.choices}>
          {choices.map(({ name, at }, index) => (
            <Button
              key={name}
              variant="default"
              justify="space-between"
              px="sm"
              aria-keyshortcuts={`${index + 1}`}
              rightSection={<kbd className={classes.number}>{index + 1}</kbd>}
              data-autofocus={index === 0 || undefined}
              onClick={() => void choose(at)}
            >
              {t(`later.${name}`)}
            </Button>
          ))}
        </div>
        <Group align="flex-end">
          <TextInput
            type="datetime-local"
            className={classes.grow ?? ""}
            label={t("later.own")}
            value={own}
            error={wrong && t("later.bounds")}
            onChange={(event) => setOwn(event.currentTarget.value)}
          />
          <Button onClick={() => void choose(new Date(`${own}:00+09:00`))}>{t("later.confirm")}</Button>
        </Group>
      </Stack>
    </div>
  );
}

interface Preset {
  name: "in30" | "in2h" | "at17" | "tomorrow" | "tomorrow13" | "monday";
  at: Date;
}

/** The times of Seoul that are still to come. */
export function presets(now: Date): Preset[] {
  const weekday = new Date(now.getTime() + 9 * 60 * MINUTE).getUTCDay();
  const all: Preset[] = [
    { name: "in30", at: new Date(now.getTime() + 30 * MINUTE) },
    { name: "in2h", at: new Date(now.getTime() + 120 * MINUTE) },
    { name: "at17", at: seoulInstant(now, 0, 17) },
    { name: "tomorrow", at: seoulInstant(now, 1, 9) },
    { name: "tomorrow13", at: seoulInstant(now, 1, 13) },
    { name: "monday", at: seoulInstant(now, (8 - weekday) % 7 || 7, 9) },
  ];
  // On Sundays Monday is tomorrow.
  const first = (one: Preset) => all.findIndex(({ at }) => at.getTime() === one.at.getTime());
  return all.filter((one, at) => one.at.getTime() - now.getTime() >= 5 * MINUTE && first(one) === at);
}

function local(at: Date): string {
  const [, hour = "0", minute = "00"] = /(\d+):(\d+)/.exec(time(at, "en")) ?? [];
  const afternoon = time(at, "en").endsWith("PM");
  return `${isoDay(at)}T${String((Number(hour) % 12) + (afternoon ? 12 : 0)).padStart(2, "0")}:${minute}`;
}
