import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Identity, readIdentity, readSetup, saveIdentity } from "../api/calls/shop";
import { refusal } from "../api/errors";
import { query } from "../app/query";
import { useAttempt } from "../shared/attempt";
import { Asked } from "../shared/Empty";
import { TextField } from "../shared/Field";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import classes from "./shop.module.css";
import { useWho } from "./who";

const FIELDS = ["name", "registration", "ceo", "mail", "address", "business_type", "business_class"] as const;
type Written = Record<(typeof FIELDS)[number], string>;

/** To whom invoices and tax invoices are made out; before anybody said so, the number of the sign-up stands there. */
export function BillingIdentity() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const asked = useQuery({
    queryKey: [tenant, "identity"],
    queryFn: async (): Promise<Identity> => {
      try {
        return await readIdentity(tenant);
      } catch (error) {
        if (!refusal(error, "not_found")) throw error;
        const { registration } = await readSetup(tenant);
        return { ...NOTHING, registration, version: 0 };
      }
    },
  });
  return (
    <section className={page.panel} aria-labelledby="identity">
      <h2 id="identity">{t("identity.title")}</h2>
      <p className={page.muted}>{t("identity.help")}</p>
      <Asked of={asked}>{(found) => <Form key={found.version} identity={found} />}</Asked>
    </section>
  );
}

const NOTHING: Written = {
  name: "",
  registration: "",
  ceo: "",
  mail: "",
  address: "",
  business_type: "",
  business_class: "",
};

function Form({ identity }: { identity: Identity }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [form, setForm] = useState<Written>(identity);
  const { busy, wrong, attempt } = useAttempt();
  async function save(): Promise<void> {
    const body = Object.fromEntries(FIELDS.map((name) => [name, form[name].trim()])) as Written;
    await saveIdentity(tenant, body, identity.version);
    await query.invalidateQueries({ queryKey: [tenant, "identity"] });
    notify(t("identity.saved"));
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    void attempt(save);
  }
  return (
    <form className={page.form} onSubmit={submit}>
      <div className={classes.two}>
        {FIELDS.map((name) => (
          <TextField
            key={name}
            label={t(`identity.${name}`)}
            type={name === "mail" ? "email" : "text"}
            value={form[name]}
            onChange={(value) => setForm((now) => ({ ...now, [name]: value }))}
            maxLength={100}
          />
        ))}
      </div>
      {wrong && (
        <p role="alert" className={page.wrong}>
          {wrong}
        </p>
      )}
      <div className={page.actions}>
        <Button
          type="submit"
          variant="default"
          loading={busy}
          disabled={FIELDS.some((name) => form[name].trim() === "")}
        >
          {t("identity.save")}
        </Button>
      </div>
    </form>
  );
}
