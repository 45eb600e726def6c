import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { acceptTerms, askIncidents, readChoices, readDocuments, readSetup, readTerms } from "../api/calls/shop";
import { query } from "../app/query";
import { type Place, Shell } from "../app/Shell";
import { Only } from "../app/Signed";
import { Confirm } from "../shared/Confirm";
import { full } from "../shared/dates";
import { Icon } from "../shared/icons";
import { notify } from "../shared/notices";
import { usePoll } from "../shared/poll";
import classes from "./shop.module.css";
import { useLanguage, useWho } from "./who";

const EVERY = 30_000;

/** The frame of a shop's pages: its places, and above each of them what has to be known now. */
export function Frame() {
  return (
    <Only kinds={["owner", "staff", "viewer"]}>
      <Desk />
    </Only>
  );
}

function Desk() {
  const { t } = useTranslation("shop");
  const { tenant, owns } = useWho();
  const choices = useQuery({ queryKey: [tenant, "choices"], queryFn: () => readChoices(tenant) });
  const about = choices.data?.sections.find((one) => one.section === "about")?.body as AboutBody | undefined;
  const language = useLanguage();
  const name = about && (language === "ko" ? about.name : about.name_en);
  return <Shell title={name ?? t("title")} places={usePlaces(owns)} banner={<Banners />} />;
}

interface AboutBody {
  name: string;
  name_en: string;
}

function usePlaces(owns: boolean): Place[] {
  const { t } = useTranslation("shop");
  const places: Place[] = [
    { to: "/shop", label: t("place.home"), icon: "home" },
    { to: "/shop/contacts", label: t("place.contacts"), icon: "inbox" },
    { to: "/shop/usage", label: t("place.usage"), icon: "lines" },
    { to: "/shop/results", label: t("place.results"), icon: "target" },
    { to: "/shop/promotions", label: t("place.promotions"), icon: "calendar" },
    { to: "/shop/invoices", label: t("place.invoices"), icon: "receipt" },
  ];
  const own: Place[] = [
    { to: "/shop/team", label: t("place.team"), icon: "people" },
    { to: "/shop/keys", label: t("place.keys"), icon: "key" },
    { to: "/shop/hooks", label: t("place.hooks"), icon: "plug" },
    { to: "/shop/access", label: t("place.access"), icon: "eye" },
  ];
  return [...places, ...(owns ? own : []), { to: "/shop/settings", label: t("place.settings"), icon: "gear" }];
}

/** What goes wrong now, what is still to be set up, and what the owner is asked to agree to. */
function Banners() {
  const { t } = useTranslation("shop");
  const language = useLanguage();
  const { tenant, owns } = useWho();
  const incidents = usePoll([tenant, "incidents"], askIncidents, EVERY);
  const setup = useQuery({ queryKey: ["setup", tenant], queryFn: () => readSetup(tenant) });
  return (
    <>
      {incidents.data?.incidents.map((one) => (
        <section key={one.id} className={classes.banner} aria-label={t("incident")}>
          <Icon name="warn" size={20} />
          <p>
            {language === "ko" ? one.text : one.text_en}{" "}
            {t("incidentUntil", { at: full(new Date(one.until), language) })}
          </p>
        </section>
      ))}
      {setup.data?.stage === "setup" && (
        <section className={classes.banner} data-calm aria-label={t("place.setup")}>
          <Icon name="clock" size={20} />
          <p>{t("notLive")}</p>
          {owns && <Link to="/set-up/{-$step}">{t("goOn")}</Link>}
        </section>
      )}
      {owns && <NewTerms />}
    </>
  );
}

function NewTerms() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [asks, setAsks] = useState(false);
  const accepted = useQuery({ queryKey: [tenant, "terms"], queryFn: () => readTerms(tenant) });
  const { newer_terms: terms, newer_subprocessors: others } = accepted.data ?? {};
  if (!terms && !others) return null;
  async function accept(): Promise<void> {
    const now = await readDocuments();
    await acceptTerms(tenant, {
      terms: terms ?? now.terms.version,
      subprocessors: others ?? now.subprocessors.version,
    });
    await query.invalidateQueries({ queryKey: [tenant, "terms"] });
    notify(t("terms.accepted"));
  }
  return (
    <section className={classes.banner} data-calm aria-label={t("terms.title")}>
      <Icon name="book" size={20} />
      <p>{t("terms.newer")}</p>
      <Link to="/terms">{t("terms.read")}</Link>
      <Button size="sm" variant="default" onClick={() => setAsks(true)}>
        {t("terms.accept")}
      </Button>
      {asks && (
        <Confirm title={t("terms.title")} verb={t("terms.accept")} act={accept} close={() => setAsks(false)}>
          <p>{t("terms.ask")}</p>
        </Confirm>
      )}
    </section>
  );
}
