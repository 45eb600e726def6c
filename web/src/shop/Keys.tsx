import { Button } from "@mantine/core";
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
  type ServerKey,
  type WidgetKey,
} from "../api/calls/shop";
import { query } from "../app/query";
import { Confirm } from "../shared/Confirm";
import { Copy } from "../shared/Copy";
import { Asked } from "../shared/Empty";
import { AreaField, TextField } from "../shared/Field";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
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
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<WidgetKey | null>(null);
  const asked = useQuery({ queryKey: ["widget-keys", tenant, "all"], queryFn: () => readWidgetKeys(tenant) });
  async function revoke(): Promise<void> {
    if (ending) await revokeWidgetKey(tenant, ending.id);
    await query.invalidateQueries({ queryKey: ["widget-keys", tenant] });
    notify(t("keys.revoked"));
  }
  return (
    <section className={page.panel} aria-labelledby="widget-keys">
      <div className={page.head}>
        <h2 id="widget-keys">{t("keys.widget")}</h2>
        <Button variant="default" onClick={() => setMaking(true)}>
          {t("keys.make")}
        </Button>
      </div>
      <p className={page.muted}>{t("keys.widgetHelp")}</p>
      <Asked of={asked}>
        {({ keys }) =>
          keys.length === 0 ? (
            <p>{t("keys.noneWidget")}</p>
          ) : (
            <ul className={classes.list}>
              {keys.map((one) => (
                <WidgetLine key={one.id} widget={one} end={() => setEnding(one)} />
              ))}
            </ul>
          )
        }
      </Asked>
      {making && <NewWidgetKey close={() => setMaking(false)} />}
      {ending && (
        <Confirm
          danger
          title={t("keys.revokeTitle", { label: ending.label })}
          verb={t("keys.revoke")}
          act={revoke}
          close={() => setEnding(null)}
        >
          <p>{t("keys.revokeWidgetHelp")}</p>
        </Confirm>
      )}
    </section>
  );
}

function WidgetLine({ widget, end }: { widget: WidgetKey; end: () => void }) {
  const { t } = useTranslation("shop");
  const line = `<script async src="${location.origin}/w.js" data-key="${widget.key}" data-language="ko"></script>`;
  return (
    <li className={classes.item}>
      <span className={classes.grow}>
        <b>{widget.label}</b> <span className={page.muted}>{widget.origins.join(", ")}</span>
        <br />
        <span className={page.muted}>
          {widget.seen_at ? (
            <>
              {t("keys.seen", { origin: widget.seen_origin })} <When at={widget.seen_at} />
            </>
          ) : (
            t("keys.unseen")
          )}
        </span>
      </span>
      {widget.revoked ? (
        <span className={classes.tag}>{t("keys.isRevoked")}</span>
      ) : (
        <span className={page.actions}>
          <Copy text={line} label={t("keys.copyLine")} />
          <Button variant="default" onClick={end}>
            {t("keys.revoke")}
          </Button>
        </span>
      )}
    </li>
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
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState("");
  const [ending, setEnding] = useState<ServerKey | null>(null);
  const asked = useQuery({ queryKey: [tenant, "server-keys"], queryFn: () => readServerKeys(tenant) });
  async function revoke(): Promise<void> {
    if (ending) await revokeServerKey(tenant, ending.id);
    await query.invalidateQueries({ queryKey: [tenant, "server-keys"] });
    notify(t("keys.revokedSoon"));
  }
  return (
    <section className={page.panel} aria-labelledby="server-keys">
      <div className={page.head}>
        <h2 id="server-keys">{t("keys.server")}</h2>
        <Button variant="default" onClick={() => setMaking(true)}>
          {t("keys.make")}
        </Button>
      </div>
      <p className={page.muted}>{t("keys.serverHelp")}</p>
      <Asked of={asked}>
        {({ keys }) =>
          keys.length === 0 ? (
            <p>{t("keys.noneServer")}</p>
          ) : (
            <ul className={classes.list}>
              {keys.map((one) => (
                <li key={one.id} className={classes.item}>
                  <span className={classes.grow}>
                    <b>{one.label}</b> <code className={classes.mono}>{one.id}</code>
                    {one.at && (
                      <span className={page.muted}>
                        {" "}
                        <When at={one.at} />
                      </span>
                    )}
                  </span>
                  {one.revoked ? (
                    <span className={classes.tag}>{t("keys.isRevoked")}</span>
                  ) : (
                    <Button variant="default" onClick={() => setEnding(one)}>
                      {t("keys.revoke")}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
      {making && <NewServerKey close={() => setMaking(false)} show={setMade} />}
      {made && <Once title={t("keys.madeTitle")} help={t("keys.once")} secret={made} close={() => setMade("")} />}
      {ending && (
        <Confirm
          danger
          title={t("keys.revokeTitle", { label: ending.label })}
          verb={t("keys.revoke")}
          act={revoke}
          close={() => setEnding(null)}
        >
          <p>{t("keys.revokeServerHelp")}</p>
        </Confirm>
      )}
    </section>
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
