import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addHook, type Hook, type HookEvent, readHooks, removeHook, testHook } from "../api/calls/shop";
import { query } from "../app/query";
import { why } from "../i18n";
import { Confirm } from "../shared/Confirm";
import { Asked, Empty } from "../shared/Empty";
import { ChoicesField, TextField } from "../shared/Field";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import { EVENTS } from "./names";
import { Once } from "./Once";
import classes from "./shop.module.css";
import { ForOwner, useWho } from "./who";

export function Hooks() {
  const { t } = useTranslation("shop");
  return (
    <ForOwner title={t("place.hooks")}>
      <Whole />
    </ForOwner>
  );
}

/** Which addresses of the shop's are told of what. */
function Whole() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState("");
  const asked = useQuery({ queryKey: [tenant, "hooks"], queryFn: () => readHooks(tenant) });
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("place.hooks")}</h1>
        <Button onClick={() => setMaking(true)}>{t("hooks.add")}</Button>
      </div>
      <p className={page.lead}>{t("hooks.lead")}</p>
      <section className={page.panel} aria-label={t("place.hooks")}>
        <Asked of={asked}>
          {({ hooks }) =>
            hooks.length === 0 ? (
              <Empty icon="plug" title={t("hooks.none")} help={t("hooks.noneHelp")} />
            ) : (
              <ul className={classes.list}>
                {hooks.map((one) => (
                  <One key={one.id} hook={one} />
                ))}
              </ul>
            )
          }
        </Asked>
      </section>
      {making && <NewHook close={() => setMaking(false)} show={setSecret} />}
      {secret && (
        <Once title={t("hooks.madeTitle")} help={t("hooks.once")} secret={secret} close={() => setSecret("")} />
      )}
    </div>
  );
}

function One({ hook }: { hook: Hook }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [ending, setEnding] = useState(false);
  async function test(): Promise<void> {
    try {
      await testHook(tenant, hook.id);
      notify(t("hooks.tested"));
    } catch (error) {
      notify(why(error), { bad: true });
    }
  }
  async function remove(): Promise<void> {
    await removeHook(tenant, hook.id);
    await query.invalidateQueries({ queryKey: [tenant, "hooks"] });
    notify(t("hooks.removed"));
  }
  return (
    <li className={classes.item}>
      <span className={classes.grow}>
        <Link to="/shop/hooks/$hook" params={{ hook: hook.id }}>
          {hook.label || hook.url}
        </Link>
        <br />
        <span className={classes.mono}>{hook.url}</span>
        <br />
        <span className={page.muted}>{hook.events.map((event) => t(`hookEvent.${key(event)}`)).join(", ")}</span>
      </span>
      {hook.paused_at && (
        <span className={classes.tag} data-tone="bad">
          {t("hooks.paused")}
        </span>
      )}
      {!hook.paused_at && hook.failures > 0 && (
        <span className={classes.tag} data-tone="warn">
          {t("hooks.failing", { count: hook.failures })}
        </span>
      )}
      <span className={page.actions}>
        <Button variant="default" onClick={() => void test()}>
          {t("hooks.test")}
        </Button>
        <Button variant="default" onClick={() => setEnding(true)}>
          {t("hooks.remove")}
        </Button>
      </span>
      {ending && (
        <Confirm
          danger
          title={t("hooks.removeTitle")}
          verb={t("hooks.remove")}
          act={remove}
          close={() => setEnding(false)}
        >
          <p>{t("hooks.removeHelp")}</p>
        </Confirm>
      )}
    </li>
  );
}

/** Names of texts hold no dot. */
export function key(event: HookEvent) {
  return event.replace(".", "_") as "contact_resolved";
}

function NewHook({ close, show }: { close: () => void; show: (secret: string) => void }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [once] = useState(() => crypto.randomUUID());
  const [label, setLabel] = useState("");
  const [url, setUrl] = useState("https://");
  const [events, setEvents] = useState<HookEvent[]>(["contact.resolved"]);
  async function add(): Promise<void> {
    show((await addHook(tenant, { url: url.trim(), events, label: label.trim() }, once)).secret);
    await query.invalidateQueries({ queryKey: [tenant, "hooks"] });
  }
  return (
    <Confirm
      title={t("hooks.add")}
      verb={t("hooks.addVerb")}
      ready={url.trim().length > "https://".length && events.length > 0 && label.trim() !== ""}
      act={add}
      close={close}
    >
      <div className={page.form}>
        <TextField label={t("keys.label")} value={label} onChange={setLabel} maxLength={60} />
        <TextField label={t("hooks.url")} help={t("hooks.urlHelp")} type="url" value={url} onChange={setUrl} />
        <ChoicesField
          wide
          label={t("hooks.events")}
          value={events}
          onChange={setEvents}
          options={EVENTS.map((value) => ({ value, label: t(`hookEvent.${key(value)}`), help: value }))}
        />
      </div>
    </Confirm>
  );
}
