import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Ref, StopReason } from "../../api/types";
import { rest, stop } from "../actions";
import classes from "./dialogs.module.css";

const REASONS: StopReason[] = ["insult", "threat", "sexual", "repeat"];

/** One key opened it, and Enter is enough: what happens is named, and the reason is chosen already. */
export function StopBody({ contact, close }: { contact: Ref; close: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<StopReason>("insult");
  const [busy, setBusy] = useState(false);
  async function go(): Promise<void> {
    setBusy(true);
    if (!(await stop(contact, reason))) close();
  }
  return (
    <Stack>
      <div>
        <Text fw={650}>{t("stop.names")}</Text>
        <ul className={classes.lines}>
          {(["warning", "evidence", "never", "penalty"] as const).map((line) => (
            <li key={line}>{t(`stop.${line}`)}</li>
          ))}
        </ul>
      </div>
      <fieldset className={classes.reasons}>
        <legend>{t("stop.reason")}</legend>
        {REASONS.map((one) => (
          <label key={one}>
            <input type="radio" name="reason" checked={reason === one} onChange={() => setReason(one)} />{" "}
            {t(`stop.${one}`)}
          </label>
        ))}
      </fieldset>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t("app.cancel")}
        </Button>
        <Button color="red" loading={busy} data-autofocus onClick={() => void go()}>
          {t("stop.confirm")}
        </Button>
      </Group>
    </Stack>
  );
}

export function RestBody({ close }: { close: () => void }) {
  const { t } = useTranslation();
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={close}>
        {t("stop.stay")}
      </Button>
      <Button
        data-autofocus
        onClick={() => {
          close();
          void rest("care");
        }}
      >
        {t("stop.restNow")}
      </Button>
    </Group>
  );
}
