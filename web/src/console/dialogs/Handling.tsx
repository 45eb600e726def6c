import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Ref } from "../../api/types";
import { settings } from "../../app/settings";
import { full } from "../../shared/dates";
import { isMod } from "../../shared/keys";
import { useStore } from "../../shared/store";
import { type Dialog, merge, resolve, toggleHand, transfer } from "../actions";
import { usePanel } from "../story";
import { ColleagueField, named, remember, useColleagues } from "./Colleagues";

const OPEN = new Set(["waiting", "overflow", "claimed", "later"]);

interface Props {
  contact: Ref;
  close: () => void;
}

/** A form that Ctrl+Enter sends from any of its fields. */
function Form(props: { send: () => Promise<boolean>; close: () => void; label: string; children: ReactNode }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    if (await props.send()) props.close();
    else setBusy(false);
  }
  return (
    <form
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        // An Enter that chose from a list has done its work.
        if (event.key !== "Enter" || !isMod(event) || event.defaultPrevented) return;
        if (!event.nativeEvent.isComposing) event.currentTarget.requestSubmit();
      }}
    >
      <Stack gap="md">
        {props.children}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {props.label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function TransferBody({ contact, close }: Props) {
  const { t } = useTranslation();
  const { data, error, refetch } = useColleagues();
  const listed = error ? undefined : data;
  const [to, setTo] = useState("");
  const [sought, setSought] = useState("");
  const [note, setNote] = useState("");
  async function send(): Promise<boolean> {
    const name = to.trim().toLowerCase();
    // What was typed since the choice, and not chosen, is nobody.
    if (!name || (listed && !listed.some((one) => one.agent === name && named(one) === sought))) return false;
    const done = await transfer(contact, name, note);
    if (done) remember(name);
    else void refetch();
    return done;
  }
  if (listed && !listed.length) return <Text role="status">{t("transfer.none")}</Text>;
  return (
    <Form send={send} close={close} label={t("transfer.confirm")}>
      {error ? (
        <TextInput
          label={t("transfer.toId")}
          description={t("transfer.unread")}
          value={to}
          required
          withAsterisk={false}
          pattern="[A-Za-z0-9]{3,32}"
          autoComplete="off"
          data-autofocus
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      ) : (
        <ColleagueField colleagues={listed} to={to} choose={setTo} sought={sought} seek={setSought} />
      )}
      <Textarea
        label={t("transfer.note")}
        description={t("transfer.noteHelp")}
        value={note}
        rows={4}
        maxLength={10_000}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </Form>
  );
}

export function HandBody({ contact, close }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  return (
    <Form send={() => toggleHand(contact, reason.trim())} close={close} label={t("hand.confirm")}>
      <TextInput
        label={t("hand.reason")}
        value={reason}
        required
        withAsterisk={false}
        maxLength={200}
        data-autofocus
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Form>
  );
}

export function MergeBody({ contact, close }: Props) {
  const { t } = useTranslation();
  const { language } = useStore(settings);
  const [into, setInto] = useState("");
  const found = (usePanel(contact, true).data?.contacts ?? []).filter((one) => OPEN.has(one.contact.status));
  if (!found.length) return <Text>{t("merge.none")}</Text>;
  return (
    <Form send={async () => !!into && (await merge(contact, into))} close={close} label={t("merge.confirm")}>
      <Text size="sm">{t("merge.help")}</Text>
      <Stack gap="xs" role="radiogroup" aria-label={t("merge.title")}>
        {found.map(({ contact: one, first_line: line }, index) => (
          <label key={one.id}>
            <input
              type="radio"
              name="into"
              required
              value={one.id}
              checked={into === one.id}
              data-autofocus={index === 0 || undefined}
              onChange={() => setInto(one.id)}
            />{" "}
            {line} · {t(`status.${one.status}`)} · {full(new Date(one.opened_at), language)}
          </label>
        ))}
      </Stack>
    </Form>
  );
}

/** What of the script was left out; the agent does it, or says that it was left out on purpose. */
export function StepsBody({ shown, close }: { shown: Extract<Dialog, { kind: "steps" }>; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Text>{t("finding.script_step_missing", { what: shown.missing })}</Text>
      <Group justify="flex-end">
        <Button
          variant="default"
          onClick={() => {
            close();
            void resolve(shown.ref, { next: shown.next, sure: true });
          }}
        >
          {t("steps.anyway")}
        </Button>
        <Button data-autofocus onClick={close}>
          {t("steps.back")}
        </Button>
      </Group>
    </Stack>
  );
}
