import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { issueWidgetKey, readWidgetKeys } from "../../api/calls/door";
import type { Channel, Report, WidgetKey } from "../../api/types";
import { query } from "../../app/query";
import { settings } from "../../app/settings";
import { Copy } from "../../shared/Copy";
import { full } from "../../shared/dates";
import { Asked } from "../../shared/Empty";
import { ChoicesField, TextField } from "../../shared/Field";
import { useNames } from "../../shared/names";
import page from "../../shared/page.module.css";
import { useStore } from "../../shared/store";
import { useSubmit } from "../submit";
import { StepForm } from "./StepForm";
import { type Held, saveSection, useReport, useSection } from "./sections";
import type { StepProps } from "./Wizard";
import { setupKey } from "./Wizard";
import classes from "./Wizard.module.css";

const CHANNELS: readonly Channel[] = [
  "chat",
  "email",
  "kakao",
  "talktalk",
  "phone",
  "board",
  "sms",
  "visit",
  "api",
];
const LOOK = 5_000;

const WidgetPreview = lazy(() => import("./WidgetPreview").then((module) => ({ default: module.WidgetPreview })));

export function Channels({ tenant, next }: StepProps) {
  const asked = useSection(tenant, "channels");
  const report = useReport(tenant);
  return (
    <Asked of={asked}>
      {(held) => (
        <Asked of={report}>
          {(found) => <Form {...{ tenant, next, held, advised: found?.proposal.channels ?? [] }} />}
        </Asked>
      )}
    </Asked>
  );
}

type FormProps = StepProps & { held: Held<"channels">; advised: Report["proposal"]["channels"] };

/** What was advised is chosen until something else is. */
function Form({ tenant, next, held, advised }: FormProps) {
  const { t } = useTranslation("wizard");
  const named = useNames();
  const { language } = useStore(settings);
  const proposed = held.version === 0 ? advised.map((one) => one.channel) : [];
  const [channels, setChannels] = useState<Channel[]>(proposed.length ? proposed : held.body.channels);
  return (
    <StepForm
      title={t("channels.title")}
      lead={t("channels.lead")}
      chosen={held.version > 0}
      ready={channels.length > 0}
      save={() => saveSection(tenant, "channels", { channels }, held.version)}
      next={next}
    >
      <ChoicesField
        wide={advised.length > 0}
        label={t("channels.which")}
        value={channels}
        onChange={setChannels}
        options={CHANNELS.map((value) => {
          const why = advised.find((one) => one.channel === value);
          const help = why ? (language === "ko" ? why.why : why.why_en) : "";
          return { value, label: named.channel(value), ...(help && { help }) };
        })}
      />
      {channels.includes("chat") && <Widget tenant={tenant} />}
    </StepForm>
  );
}

/** The widget's key, the line for the shop's pages, and whether it was seen there. */
function Widget({ tenant }: { tenant: string }) {
  const { t } = useTranslation("wizard");
  const asked = useQuery({
    queryKey: ["widget-keys", tenant],
    queryFn: () => readWidgetKeys(tenant),
    refetchInterval: LOOK,
    staleTime: 0,
  });
  return (
    <section className={page.panel} aria-label={t("widget.title")}>
      <h2>{t("widget.title")}</h2>
      <Asked of={asked}>
        {(keys) => {
          const live = keys.find((key) => !key.revoked);
          return live ? <Installed found={live} /> : <NewKey tenant={tenant} />;
        }}
      </Asked>
      <Preview tenant={tenant} />
    </section>
  );
}

/** The widget itself by what was chosen so far, which asks nobody: it answers with the shop's own voice. */
function Preview({ tenant }: { tenant: string }) {
  const { t } = useTranslation("wizard");
  const voice = useSection(tenant, "voice").data?.body;
  const about = useSection(tenant, "about").data?.body;
  if (!voice || !about) return null;
  const { name, name_en } = about;
  const answer = [voice.greeting, t("voice.sample"), voice.signature].join("\n\n");
  return (
    <figure className={classes.preview}>
      <figcaption className={page.muted}>{t("widget.preview")}</figcaption>
      <Suspense>
        <WidgetPreview {...{ name, name_en, greeting: voice.greeting, agent: voice.agent_name, answer }} />
      </Suspense>
    </figure>
  );
}

function NewKey({ tenant }: { tenant: string }) {
  const { t } = useTranslation("wizard");
  const [key] = useState(() => crypto.randomUUID());
  const [address, setAddress] = useState("");
  const issue = useSubmit(async () => {
    await issueWidgetKey(tenant, { origins: [originOf(address)], label: t("widget.label") }, key);
    await query.invalidateQueries({ queryKey: ["widget-keys", tenant] });
    await query.invalidateQueries({ queryKey: setupKey(tenant) });
  });
  return (
    <>
      <TextField
        label={t("widget.origin")}
        help={t("widget.originHelp")}
        type="url"
        placeholder="https://"
        value={address}
        onChange={setAddress}
        wrong={issue.wrong}
      />
      <div className={page.actions}>
        <Button variant="default" disabled={!originOf(address)} loading={issue.busy} onClick={() => issue.run()}>
          {t("widget.issue")}
        </Button>
      </div>
    </>
  );
}

function Installed({ found }: { found: WidgetKey }) {
  const { t } = useTranslation("wizard");
  const { language } = useStore(settings);
  const line = `<script async src="${location.origin}/w.js" data-key="${found.key}" data-language="ko"></script>`;
  return (
    <>
      <p className={page.muted}>{t("widget.line", { origins: found.origins.join(", ") })}</p>
      <pre className={page.code}>
        <code>{line}</code>
      </pre>
      <div className={page.actions}>
        <Copy text={line} label={t("widget.copy")} />
      </div>
      <p role="status">
        {found.seen_at
          ? t("widget.seen", { at: full(new Date(found.seen_at), language), origin: found.seen_origin })
          : t("widget.unseen")}
      </p>
      <details>
        <summary>{t("widget.guides")}</summary>
        <ul>
          <li>{t("widget.cafe24")}</li>
          <li>{t("widget.imweb")}</li>
          <li>{t("widget.other")}</li>
        </ul>
      </details>
    </>
  );
}

/** The origin of an address, however it was written; "" for what is none. */
export function originOf(address: string): string {
  const text = address.trim();
  if (!text) return "";
  try {
    const url = new URL(/^https?:\/\//.test(text) ? text : `https://${text}`);
    return /^https?:$/.test(url.protocol) && (url.hostname.includes(".") || url.hostname === "localhost")
      ? url.origin
      : "";
  } catch {
    return "";
  }
}
