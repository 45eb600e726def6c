import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOurselves, type Intent, move, readStory, type ShopContact } from "../api/calls/shop";
import type { Story } from "../api/types";
import { query } from "../app/query";
import { useAttempt } from "../shared/attempt";
import { Confirm } from "../shared/Confirm";
import { Asked } from "../shared/Empty";
import { AreaField } from "../shared/Field";
import { useNames } from "../shared/names";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import classes from "./shop.module.css";
import { Talk } from "./Talk";
import { useWho, When } from "./who";

/** One contact whole: who wrote, what was said, and what the shop's own people may do about it. */
export function OneContact() {
  const { t } = useTranslation("shop");
  const { tenant, acts } = useWho();
  const { contact = "" } = useParams({ strict: false });
  const story = useQuery({ queryKey: [tenant, "contact", contact], queryFn: () => readStory(tenant, contact) });
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("contacts.one")}</h1>
        <Link to="/shop/contacts">{t("contacts.back")}</Link>
      </div>
      <Asked of={story}>
        {(found) => (
          <>
            <About story={found} />
            <section className={page.panel} aria-labelledby="talk">
              <h2 id="talk">{t("talk.label")}</h2>
              <Talk story={found} />
              {acts && <Answer contact={found.contact} />}
            </section>
            {acts && <Moves contact={found.contact} />}
          </>
        )}
      </Asked>
    </div>
  );
}

function About({ story }: { story: Story }) {
  const { t } = useTranslation("shop");
  const named = useNames();
  const { contact, customer } = story;
  return (
    <section className={page.panel} aria-label={t("contacts.about")}>
      <p className={page.actions}>
        <span className={classes.tag} data-tone={contact.status === "shop" ? "warn" : undefined}>
          {t(`status.${contact.status}`)}
        </span>
        {contact.intent && <span className={classes.tag}>{named.intent(contact.intent as Intent)}</span>}
        <span className={classes.tag}>{named.channel(contact.channel)}</span>
        {contact.test && <span className={classes.tag}>{t("contacts.test")}</span>}
      </p>
      <dl className={classes.rows}>
        <div>
          <dt>{t("contacts.opened")}</dt>
          <dd>
            <When at={contact.opened_at} />
          </dd>
        </div>
        {contact.first_reply_at && (
          <div>
            <dt>{t("contacts.replied")}</dt>
            <dd>
              <When at={contact.first_reply_at} />
            </dd>
          </div>
        )}
        {contact.agent && (
          <div>
            <dt>{t("contacts.agent")}</dt>
            <dd>{contact.agent}</dd>
          </div>
        )}
        <div>
          <dt>{t("contacts.customer")}</dt>
          <dd>{contact.customer}</dd>
        </div>
        {(["name", "phone", "mail", "order_number"] as const).map(
          (field) =>
            customer?.[field] && (
              <div key={field}>
                <dt>{t(`contacts.way.${field}`)}</dt>
                <dd>{customer[field]}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

/** Where the shop may answer by itself: what is its own at any time, the rest when the desk has called it. */
const ANSWERABLE = new Set(["shop", "waiting", "overflow"]);

function Answer({ contact }: { contact: ShopContact }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [text, setText] = useState("");
  const [key, setKey] = useState(() => crypto.randomUUID());
  const { busy, wrong, attempt } = useAttempt();
  const answerable = ANSWERABLE.has(contact.status);
  // What was typed stays to be copied, though an agent may have been faster.
  if (!answerable && !text) return null;
  async function send(): Promise<void> {
    await answerOurselves(tenant, contact.id, text, { key, version: contact.version });
    setText("");
    setKey(crypto.randomUUID());
    notify(t("contacts.answered"));
  }
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    await attempt(send);
    await anew(tenant, contact.id);
  }
  return (
    <form className={page.form} onSubmit={(event) => void submit(event)}>
      <AreaField
        label={t("contacts.answer")}
        help={contact.status === "shop" ? t("contacts.answerHelp") : t("contacts.answerOnlyCalled")}
        value={text}
        onChange={setText}
        wrong={wrong || undefined}
      />
      <div className={page.actions}>
        <Button type="submit" loading={busy} disabled={!answerable || text.trim() === ""}>
          {t("contacts.send")}
        </Button>
      </div>
    </form>
  );
}

const MOVES: Partial<Record<ShopContact["status"], readonly ("give" | "reopen" | "spam" | "undo-spam")[]>> = {
  shop: ["give", "spam"],
  waiting: ["spam"],
  resolved: ["reopen", "spam"],
  spam: ["undo-spam"],
};

function Moves({ contact }: { contact: ShopContact }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [asked, setAsked] = useState<"give" | "reopen" | "spam" | "undo-spam" | null>(null);
  const moves = contact.test ? [] : (MOVES[contact.status] ?? []);
  if (moves.length === 0 && !asked) return null;
  async function go(): Promise<void> {
    if (!asked) return;
    try {
      await move(tenant, contact.id, asked, contact.version);
      notify(t(`move.${asked}.done`));
    } finally {
      await anew(tenant, contact.id);
    }
  }
  return (
    <div className={page.actions}>
      {moves.map((one) => (
        <Button key={one} variant="default" onClick={() => setAsked(one)}>
          {t(`move.${one}.verb`)}
        </Button>
      ))}
      {asked && (
        <Confirm
          title={t(`move.${asked}.title`)}
          verb={t(`move.${asked}.verb`)}
          act={go}
          close={() => setAsked(null)}
        >
          <p>{t(`move.${asked}.help`)}</p>
        </Confirm>
      )}
    </div>
  );
}

async function anew(tenant: string, contact: string): Promise<void> {
  await query.invalidateQueries({ queryKey: [tenant, "contact", contact] });
  await query.invalidateQueries({ queryKey: [tenant, "contacts"] });
}
