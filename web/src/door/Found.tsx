import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { foundShop } from "../api/calls/door";
import { readDocuments } from "../api/calls/landing";
import { Refused } from "../api/errors";
import { renew, signOut } from "../api/session";
import type { Documents as Shown, Trade } from "../api/types";
import { settings } from "../app/settings";
import { Documents } from "../landing/Documents";
import { Asked } from "../shared/Empty";
import { CheckField, SelectField, TextField } from "../shared/Field";
import page from "../shared/page.module.css";
import { useStore } from "../shared/store";
import { Card, Wrong } from "./Card";
import card from "./Card.module.css";
import { useSubmit } from "./submit";

const TRADES: Trade[] = ["fashion", "cosmetics", "pet_food", "farm_fruit", "furniture", "electronics"];
const ID = /^[a-z0-9]{4,32}$/;
const AT_FIELDS = new Set(["invalid_registration", "registration_taken", "tenant_taken"]);

/** The shop of somebody who has just signed up; once it is there, the session knows of it. */
export function Found({ begin }: { begin: () => void }) {
  const { t } = useTranslation("door");
  const asked = useQuery({ queryKey: ["terms"], queryFn: readDocuments, staleTime: 0 });
  return (
    <Card wide title={t("found.title")} lead={t("found.lead")}>
      <Asked of={asked}>
        {(shown) => <Form shown={shown} reread={() => void asked.refetch()} begin={begin} />}
      </Asked>
      <p>
        <Button variant="subtle" size="compact-sm" onClick={() => void signOut()}>
          {t("found.out")}
        </Button>
      </p>
    </Card>
  );
}

interface FormProps {
  shown: Shown;
  reread: () => void;
  begin: () => void;
}

function Form({ shown, reread, begin }: FormProps) {
  const { t } = useTranslation("door");
  const { language } = useStore(settings);
  const [key] = useState(() => crypto.randomUUID());
  const [name, setName] = useState("");
  const [nameEn, setNameEn] = useState("");
  const [typedId, setTypedId] = useState<string | null>(null);
  const [kind, setKind] = useState<Trade | "">("");
  const [number, setNumber] = useState("");
  const [agrees, setAgrees] = useState(false);
  const [knows, setKnows] = useState(false);
  const id = typedId ?? idOf(nameEn);
  // Who agreed to one version did not agree to the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what was agreed to
  useEffect(() => {
    setAgrees(false);
    setKnows(false);
  }, [shown.terms.version, shown.subprocessors.version]);
  const form = useSubmit(async () => {
    const accepts = { terms: shown.terms.version, subprocessors: shown.subprocessors.version };
    const shop = { id, name: name.trim(), name_en: nameEn.trim(), kind: kind as Trade };
    begin();
    try {
      await foundShop({ ...shop, registration: number, accepts, language }, key);
    } catch (error) {
      reread();
      // Founded in another tab: on to that shop.
      if (!(error instanceof Refused) || error.code !== "has_shop") throw error;
    }
    // The token that is held was given to somebody without a shop, and is known as that for a while.
    await renew();
  });
  const numberWrong = ["invalid_registration", "registration_taken"].includes(form.code) ? form.wrong : "";
  const ready = name.trim() && nameEn.trim() && ID.test(id) && kind && number && agrees && knows;
  return (
    <form className={page.form} onSubmit={form.run}>
      <TextField label={t("found.name")} autoComplete="organization" value={name} onChange={setName} required />
      <TextField
        label={t("found.nameEn")}
        help={t("found.nameEnHelp")}
        autoComplete="off"
        value={nameEn}
        onChange={setNameEn}
        required
      />
      <TextField
        label={t("found.id")}
        help={t("found.idHelp")}
        autoComplete="off"
        value={id}
        onChange={(text) => setTypedId(text.toLowerCase())}
        wrong={form.code === "tenant_taken" ? form.wrong : id && !ID.test(id) ? t("found.idWrong") : ""}
        required
      />
      <SelectField
        label={t("found.kind")}
        none={t("found.choose")}
        value={kind}
        onChange={setKind}
        options={TRADES.map((value) => ({ value, label: t(`trade.${value}`) }))}
      />
      <TextField
        label={t("found.number")}
        help={t("found.numberHelp")}
        inputMode="numeric"
        autoComplete="off"
        placeholder="000-00-00000"
        value={number}
        onChange={setNumber}
        onBlur={() => setNumber(hyphened(number))}
        wrong={numberWrong}
        required
      />
      <section className={card.terms} tabIndex={0} aria-label={t("found.documents")}>
        <Documents found={shown} />
      </section>
      <CheckField
        label={t("found.agree", { version: shown.terms.version })}
        checked={agrees}
        onChange={setAgrees}
      />
      <CheckField
        label={t("found.know", { version: shown.subprocessors.version })}
        checked={knows}
        onChange={setKnows}
      />
      <Wrong text={AT_FIELDS.has(form.code) ? "" : form.wrong} />
      <Button type="submit" size="md" loading={form.busy} disabled={!ready}>
        {t("found.submit")}
      </Button>
    </form>
  );
}

/** An id that a name suggests; the name of a shop says more to its people than a number. */
export function idOf(nameEn: string): string {
  return nameEn
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .slice(0, 32);
}

/** 1208147521 as people read it: 120-81-47521; anything else as it was typed. */
export function hyphened(number: string): string {
  const digits = number.normalize("NFKC").replaceAll(/[\s-]/g, "");
  return /^\d{10}$/.test(digits) ? `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}` : number;
}
