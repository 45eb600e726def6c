import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  makeServerKey,
  makeWidgetKey,
  readServerKeys,
  readWidgetKeys,
  revokeServerKey,
  revokeWidgetKey,
  type WidgetKey,
} from "../api/calls/shop";
import { query } from "../app/query";
import { Confirm } from "../shared/Confirm";
import { Copy } from "../shared/Copy";
import { AreaField, TextField } from "../shared/Field";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import { KeyList } from "./KeyList";
import { Once } from "./Once";
import classes from "./shop.module.css";
import { ForOwner, useWho, When } from "./who";

export function Keys() {
  const { t } = useTranslation("shop");
  return (
    <ForOwner title={t("place.keys")}>
      <div className={page.page}>
        <h1>{t("place.keys")}</h1>
        <WidgetKeys />
        <ServerKeys />
      </div>
    </ForOwner>
  );
}

/** Keys that stand in the shop's pages, and are no secret. */
function WidgetKeys() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const asked = useQuery({ queryKey: ["widget-keys", tenant, "all"], queryFn: () => readWidgetKeys(tenant) });
  const says = {
    title: t("keys.widget"),
    help: t("keys.widgetHelp"),
    none: t("keys.noneWidget"),
    ends: t("keys.revokeWidgetHelp"),
    ended: t("keys.revoked"),
  };
  async function revoke(id: string): Promise<void> {
    await revokeWidgetKey(tenant, id);
    await query.invalidateQueries({ queryKey: ["widget-keys", tenant] });
  }
  return (
    <KeyList
      says={says}
      asked={asked}
      about={(one) => <Where of={one} />}
      use={(one) => <Copy text={lineOf(one)} label={t("keys.copyLine")} />}
      revoke={revoke}
      making={(close) => <NewWidgetKey close={close} />}
    />
  );
}

const lineOf = (one: WidgetKey) =>
  `<script async src="${location.origin}/w.js" data-key="${one.key}" data-language="ko"></script>`;

/** In which pages a key may stand, and where it was seen. */
function Where({ of }: { of: WidgetKey }) {
  const { t } = useTranslation("shop");
  return (
    <>
      <span className={page.muted}>{of.origins.join(", ")}</span>
      <br />
      <span className={page.muted}>
        {of.seen_at ? (
          <>
            {t("keys.seen", { origin: of.seen_origin })} <When at={of.seen_at} />
          </>
        ) : (
          t("keys.unseen")
        )}
      </span>
    </>
  );
}

function NewWidgetKey({ close }: { close: () => void }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [key] = useState(() => crypto.randomUUID());
  const [label, setLabel] = useState("");
  const [origins, setOrigins] = useState("https://");
  const listed = origins.split(/\s+/).filter((one) => one.length > "https://".length);
  async function make(): Promise<void> {
    await makeWidgetKey(tenant, { origins: listed, label: label.trim() }, key);
    await query.invalidateQueries({ queryKey: ["widget-keys", tenant] });
    notify(t("keys.made"));
  }
  return (
    <Confirm
      title={t("keys.makeWidget")}
      verb={t("keys.make")}
      ready={label.trim() !== "" && listed.length > 0}
      act={make}
      close={close}
    >
      <div className={page.form}>
        <TextField label={t("keys.label")} value={label} onChange={setLabel} maxLength={60} />
        <AreaField
          label={t("keys.origins")}
          help={t("keys.originsHelp")}
          rows={3}
          value={origins}
          onChange={setOrigins}
        />
      </div>
    </Confirm>
  );
}

/** Keys of the shop's own server: secrets, shown once. */
function ServerKeys() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [made, setMade] = useState("");
  const asked = useQuery({ queryKey: [tenant, "server-keys"], queryFn: () => readServerKeys(tenant) });
  const says = {
    title: t("keys.server"),
    help: t("keys.serverHelp"),
    none: t("keys.noneServer"),
    ends: t("keys.revokeServerHelp"),
    ended: t("keys.revokedSoon"),
  };
  async function revoke(id: string): Promise<void> {
    await revokeServerKey(tenant, id);
    await query.invalidateQueries({ queryKey: [tenant, "server-keys"] });
  }
  return (
    <>
      <KeyList
        says={says}
        asked={asked}
        about={(one) => (
          <>
            <code className={classes.mono}>{one.id}</code>{" "}
            <span className={page.muted}>{one.at && <When at={one.at} />}</span>
          </>
        )}
        revoke={revoke}
        making={(close) => <NewServerKey close={close} show={setMade} />}
      />
      {made && <Once title={t("keys.madeTitle")} help={t("keys.once")} secret={made} close={() => setMade("")} />}
    </>
  );
}

function NewServerKey({ close, show }: { close: () => void; show: (key: string) => void }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [key] = useState(() => crypto.randomUUID());
  const [label, setLabel] = useState("");
  async function make(): Promise<void> {
    show((await makeServerKey(tenant, label.trim(), key)).key);
    await query.invalidateQueries({ queryKey: [tenant, "server-keys"] });
  }
  return (
    <Confirm
      title={t("keys.makeServer")}
      verb={t("keys.make")}
      ready={label.trim() !== ""}
      act={make}
      close={close}
    >
      <TextField
        label={t("keys.label")}
        help={t("keys.labelHelp")}
        value={label}
        onChange={setLabel}
        maxLength={60}
      />
    </Confirm>
  );
}
