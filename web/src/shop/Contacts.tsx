import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type Channel,
  type ContactStatus,
  type FoundCustomer,
  findCustomers,
  type Intent,
  readContacts,
  type ShopContact,
} from "../api/calls/shop";
import { why } from "../i18n";
import type { Column } from "../shared/columns";
import { full } from "../shared/dates";
import { Asked, Empty } from "../shared/Empty";
import { SelectField, TextField } from "../shared/Field";
import { useNames } from "../shared/names";
import page from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { useTable } from "../shared/table";
import { useUrl } from "../shared/url";
import { CHANNELS, INTENTS, STATUSES } from "./names";
import classes from "./shop.module.css";
import { useLanguage, useWho } from "./who";

/** The shop's contacts, by where they are; each look is on record, so the list is not asked for by itself. */
export function Contacts() {
  const { t } = useTranslation("shop");
  const named = useNames();
  const { tenant, acts } = useWho();
  const [url, change] = useUrl();
  const control = useTable();
  const asked = {
    status: STATUSES.includes(url.status as ContactStatus) ? (url.status ?? "waiting") : "waiting",
    ...(url.intent && { intent: url.intent }),
    ...(url.channel && { channel: url.channel }),
    ...(url.customer && { customer: url.customer }),
    ...(control.cursor && { cursor: control.cursor }),
  };
  const contacts = useQuery({
    queryKey: [tenant, "contacts", asked],
    queryFn: () => readContacts(tenant, asked),
    placeholderData: keepPreviousData,
  });
  return (
    <div className={page.page}>
      <h1>{t("place.contacts")}</h1>
      <nav className={classes.tabs} aria-label={t("contacts.byStatus")}>
        {STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            data-on={status === asked.status || undefined}
            aria-pressed={status === asked.status}
            onClick={() => change({ status, cursor: "" })}
          >
            {t(`status.${status}`)}
          </button>
        ))}
      </nav>
      <div className={classes.search}>
        <SelectField<Intent | "all">
          label={t("contacts.intent")}
          value={(url.intent as Intent | undefined) ?? "all"}
          onChange={(value) => change({ intent: value === "all" ? "" : value, cursor: "" })}
          options={[
            { value: "all", label: t("every") },
            ...INTENTS.map((value) => ({ value, label: named.intent(value) })),
          ]}
        />
        <SelectField<Channel | "all">
          label={t("contacts.channel")}
          value={(url.channel as Channel | undefined) ?? "all"}
          onChange={(value) => change({ channel: value === "all" ? "" : value, cursor: "" })}
          options={[
            { value: "all", label: t("every") },
            ...CHANNELS.map((value) => ({ value, label: named.channel(value) })),
          ]}
        />
      </div>
      {acts && <Search />}
      <Asked of={contacts}>
        {(found) => <List contacts={found.contacts} next={found.cursor} busy={contacts.isPlaceholderData} />}
      </Asked>
    </div>
  );
}

function List(props: { contacts: ShopContact[]; next: string | null | undefined; busy: boolean }) {
  const { t } = useTranslation("shop");
  const named = useNames();
  const language = useLanguage();
  const control = useTable();
  const columns: Column<ShopContact>[] = [
    {
      key: "changed_at",
      title: t("contacts.changed"),
      show: (one) => full(new Date(one.changed_at), language),
      raw: (one) => one.changed_at,
    },
    {
      key: "intent",
      title: t("contacts.intent"),
      show: (one) => (one.intent ? named.intent(one.intent as Intent) : "–"),
      raw: (one) => one.intent ?? "",
    },
    {
      key: "channel",
      title: t("contacts.channel"),
      show: (one) => named.channel(one.channel),
      raw: (one) => one.channel,
    },
    {
      key: "customer",
      title: t("contacts.customer"),
      show: (one) => <code className={classes.mono}>{one.customer}</code>,
      raw: (one) => one.customer,
    },
    {
      key: "opened_at",
      title: t("contacts.opened"),
      show: (one) => full(new Date(one.opened_at), language),
      raw: (one) => one.opened_at,
    },
    {
      key: "agent",
      title: t("contacts.agent"),
      show: (one) => (one.test ? t("contacts.test") : one.agent || "–"),
      raw: (one) => one.agent ?? "",
    },
  ];
  return (
    <Table
      caption={t("place.contacts")}
      columns={columns}
      rows={props.contacts}
      keyOf={(one) => one.id}
      link={(one) => ({ to: "/shop/contacts/$contact", params: { contact: one.id } })}
      control={control}
      next={props.next}
      busy={props.busy}
      empty={
        <Empty
          icon="inbox"
          title={props.next ? t("contacts.noneHere") : t("contacts.none")}
          help={props.next ? t("contacts.noneHereHelp") : t("contacts.noneHelp")}
        />
      }
    />
  );
}

const WAYS = ["phone", "mail", "order_number"] as const;

/** Find a customer by one whole value; the address keeps the shop's own id alone. */
function Search() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [url, change] = useUrl();
  const [by, setBy] = useState<(typeof WAYS)[number]>("phone");
  const [value, setValue] = useState("");
  const [found, setFound] = useState<FoundCustomer[] | null>(null);
  const [wrong, setWrong] = useState("");
  async function search(event: FormEvent): Promise<void> {
    event.preventDefault();
    setWrong("");
    try {
      setFound((await findCustomers(tenant, by, value.trim())).customers);
    } catch (error) {
      setWrong(why(error));
    }
  }
  return (
    <section className={page.panel} aria-labelledby="search">
      <h2 id="search">{t("contacts.find")}</h2>
      <form className={classes.search} onSubmit={(event) => void search(event)}>
        <SelectField
          label={t("contacts.findBy")}
          value={by}
          onChange={setBy}
          options={WAYS.map((way) => ({ value: way, label: t(`contacts.way.${way}`) }))}
        />
        <TextField
          label={t(`contacts.way.${by}`)}
          value={value}
          onChange={setValue}
          autoComplete="off"
          wrong={wrong || undefined}
        />
        <Button type="submit" variant="default" disabled={value.trim() === ""}>
          {t("contacts.search")}
        </Button>
      </form>
      {url.customer && (
        <p className={page.actions}>
          <span>{t("contacts.only", { customer: url.customer })}</span>
          <Button variant="default" size="compact-sm" onClick={() => change({ customer: "", cursor: "" })}>
            {t("contacts.all")}
          </Button>
        </p>
      )}
      {found && found.length === 0 && <p role="status">{t("contacts.nobody")}</p>}
      {found && found.length > 0 && (
        <ul className={classes.list} aria-label={t("contacts.find")}>
          {found.map((one) => (
            <li key={one.id}>
              <Button variant="default" size="compact-md" onClick={() => change({ customer: one.id, cursor: "" })}>
                {[one.name, one.phone, one.mail, one.id].filter(Boolean).join(" · ")}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
