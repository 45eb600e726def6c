import { Button, CloseButton, Skeleton, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { unmask } from "../api/calls";
import type { Details, Past, Ref, Story, Unmasked } from "../api/types";
import { settings } from "../app/settings";
import { why } from "../i18n";
import { ago, full } from "../shared/dates";
import { useStore } from "../shared/store";
import { dialog } from "./actions";
import { serverNow } from "./desk";
import { write, writing } from "./drafts";
import { panelOpen } from "./panelOpen";
import classes from "./Side.module.css";
import { usePanel, useStory } from "./story";

const FIELDS = ["name", "phone", "mail", "address", "account"] as const;
const OPEN = new Set(["waiting", "overflow", "claimed", "later", "shop"]);

/** Who the customer is, as far as this shop knows; a block that fails leaves the others as they are. */
export function Side({ contact }: { contact: Ref }) {
  const { t } = useTranslation();
  const { data: story } = useStory(contact);
  const asked = usePanel(contact, true);
  const panel = asked.data;
  const details = { ...panel?.details, ...(story?.customer?.name ? { name: story.customer.name } : {}) };
  const open = panel?.contacts.filter((one) => OPEN.has(one.contact.status)) ?? [];
  const past = panel?.contacts.filter((one) => !OPEN.has(one.contact.status)) ?? [];
  return (
    <>
      <CloseButton
        className={classes.close ?? ""}
        aria-label={t("app.close")}
        onClick={() => panelOpen.set(false)}
      />
      <Block title={t("panel.customer")}>
        {asked.isError ? (
          <Failed again={() => void asked.refetch()} />
        ) : panel ? (
          <Known contact={contact} details={details} />
        ) : (
          <Skeleton h={72} />
        )}
      </Block>
      <Block title={t("panel.order")}>
        {details.order_number ? (
          <dl className={classes.facts}>
            <Fact contact={contact} field="order_number" value={details.order_number} />
          </dl>
        ) : (
          <p className={classes.quiet}>{t("panel.noOrder")}</p>
        )}
      </Block>
      {!!open.length && (
        <Block title={t("panel.otherOpen", { count: panel?.other_open ?? open.length })}>
          <PastList contact={contact} list={open} />
        </Block>
      )}
      {story && <Notes story={story} />}
      <Block title={t("panel.past")}>
        {panel && !past.length && <p className={classes.quiet}>{t("panel.noPast")}</p>}
        {!panel && !asked.isError && <Skeleton h={48} />}
        <PastList contact={contact} list={past} />
      </Block>
      {!!story?.shop?.handbook.links?.length && (
        <Block title={t("panel.links")}>
          <ul className={classes.links}>
            {story.shop.handbook.links.map((link) => (
              <li key={link.url}>
                <a href={link.url} target="_blank" rel="noreferrer noopener">
                  {link.label}
                </a>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`${link.label} ${t("panel.copyLink")}`}
                  onClick={() =>
                    write(contact, "reply", { text: added(writing(contact, "reply").text, link.url) })
                  }
                >
                  {t("panel.copyLink")}
                </Button>
              </li>
            ))}
          </ul>
        </Block>
      )}
    </>
  );
}

function Block({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className={classes.block}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Known({ contact, details }: { contact: Ref; details: Details }) {
  const { t } = useTranslation();
  const known = FIELDS.filter((field) => details[field]);
  if (!known.length) return <p className={classes.quiet}>{t("panel.unknown")}</p>;
  return (
    <dl className={classes.facts}>
      {known.map((field) => (
        <Fact key={field} contact={contact} field={field} value={details[field] ?? ""} />
      ))}
    </dl>
  );
}

/** One detail; a masked one is shown for a reason, which goes on record, and only here. */
function Fact(props: { contact: Ref; field: Unmasked["field"]; value: string }) {
  const { t } = useTranslation();
  const { field, value } = props;
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [shown, setShown] = useState("");
  const [wrong, setWrong] = useState("");
  const name = t(`panel.${field}`);
  async function reveal(event: FormEvent): Promise<void> {
    event.preventDefault();
    try {
      setShown((await unmask(props.contact, field, reason.trim())).value);
      setAsking(false);
    } catch (error) {
      setWrong(why(error));
    }
  }
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <span>{shown || value}</span>
        {!shown && value.includes("*") && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-expanded={asking}
            aria-label={t("panel.show", { field: name })}
            onClick={() => setAsking(!asking)}
          >
            {t("panel.reveal")}
          </Button>
        )}
        {asking && (
          <form className={classes.ask} onSubmit={(event) => void reveal(event)}>
            <TextInput
              size="xs"
              label={t("panel.reason")}
              value={reason}
              error={wrong || null}
              required
              withAsterisk={false}
              maxLength={200}
              data-autofocus
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Button size="compact-xs" type="submit">
              {t("panel.reveal")}
            </Button>
          </form>
        )}
      </dd>
    </>
  );
}

function PastList({ contact, list }: { contact: Ref; list: Past[] }) {
  const { t } = useTranslation();
  const { language } = useStore(settings);
  const now = new Date(serverNow());
  return (
    <ul className={classes.past}>
      {list.map(({ contact: one, first_line: line }) => (
        <li key={one.id}>
          <button
            type="button"
            aria-label={`${t("panel.readPast")}: ${line}`}
            onClick={() => dialog.set({ kind: "past", ref: contact, other: one.id })}
          >
            <span className={classes.line}>{line || t(`channel.${one.channel}`)}</span>
            <span className={classes.quiet}>
              {t(`status.${one.status}`)} ·{" "}
              <span title={full(new Date(one.opened_at), language)}>
                {ago(new Date(one.opened_at), now, language)}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Notes({ story }: { story: Story }) {
  const { t } = useTranslation();
  const notes = story.messages.filter((one) => one.author === "note").slice(-3);
  return (
    <Block title={t("panel.notes")}>
      {notes.length ? (
        <ul className={classes.notes}>
          {notes.map((note) => (
            <li key={note.id}>
              <strong>{note.name}</strong> {note.text}
            </li>
          ))}
        </ul>
      ) : (
        <p className={classes.quiet}>{t("panel.noNotes")}</p>
      )}
    </Block>
  );
}

function Failed({ again }: { again: () => void }) {
  const { t } = useTranslation();
  return (
    <p role="alert">
      {t("panel.failed")}{" "}
      <Button size="compact-xs" variant="default" onClick={again}>
        {t("app.retry")}
      </Button>
    </p>
  );
}

function added(text: string, link: string): string {
  return text && !/\s$/.test(text) ? `${text} ${link}` : text + link;
}
