import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { eraseShop } from "../api/calls/shop";
import { Confirm } from "../shared/Confirm";
import { TextField } from "../shared/Field";
import { notify } from "../shared/notices";
import { now } from "../shared/now";
import page from "../shared/page.module.css";
import { exported, save } from "./exporting";
import { dayFrom } from "./times";
import { ForOwner, useWho } from "./who";

export function Leave() {
  const { t } = useTranslation("shop");
  return (
    <ForOwner title={t("leave.title")}>
      <Whole />
    </ForOwner>
  );
}

/** Ending it: what is gone then, what the law keeps, and the shop's id typed once more. */
function Whole() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [asks, setAsks] = useState(false);
  const [takes, setTakes] = useState(false);
  const [typed, setTyped] = useState("");
  const [begun, setBegun] = useState(false);
  async function erase(): Promise<void> {
    await eraseShop(tenant, typed, "contract_over");
    setBegun(true);
  }
  return (
    <div className={page.page}>
      <h1>{t("leave.title")}</h1>
      <section className={page.panel} aria-labelledby="before">
        <h2 id="before">{t("leave.before")}</h2>
        <p>{t("leave.beforeHelp")}</p>
        <div className={page.actions}>
          <Button variant="default" onClick={() => setTakes(true)}>
            {t("export.verb")}
          </Button>
          <Link to="/shop/invoices">{t("export.invoices")}</Link>
        </div>
      </section>
      <section className={page.panel} aria-labelledby="gone">
        <h2 id="gone">{t("leave.gone")}</h2>
        <p>{t("leave.goneHelp")}</p>
      </section>
      <section className={page.panel} aria-labelledby="kept">
        <h2 id="kept">{t("leave.kept")}</h2>
        <p>{t("leave.keptHelp")}</p>
      </section>
      {begun ? (
        <p role="status">{t("leave.begun")}</p>
      ) : (
        <div className={page.actions}>
          <Button color="red.9" onClick={() => setAsks(true)}>
            {t("leave.verb")}
          </Button>
        </div>
      )}
      {takes && <Taking close={() => setTakes(false)} />}
      {asks && (
        <Confirm
          danger
          title={t("leave.ask")}
          verb={t("leave.verb")}
          ready={typed === tenant}
          act={erase}
          close={() => setAsks(false)}
        >
          <div className={page.form}>
            <p>{t("leave.askHelp")}</p>
            <TextField label={t("leave.type", { tenant })} value={typed} onChange={setTyped} autoComplete="off" />
          </div>
        </Confirm>
      )}
    </div>
  );
}

/** A copy of everything is made, and given as a file: who took it, and what for, stands in the access log. */
function Taking({ close }: { close: () => void }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [reason, setReason] = useState("");
  const [lines, setLines] = useState(0);
  async function take(): Promise<void> {
    save(await exported(tenant, reason.trim(), setLines), `${tenant}-${dayFrom(now(), 0)}.jsonl`);
    notify(t("export.done"));
  }
  return (
    <Confirm
      title={t("export.title")}
      verb={t("export.verb")}
      ready={reason.trim() !== ""}
      act={take}
      close={close}
    >
      <div className={page.form}>
        <p>{t("export.help")}</p>
        <TextField label={t("reason")} value={reason} onChange={setReason} maxLength={200} />
        {lines > 0 && <p role="status">{t("export.lines", { count: lines })}</p>}
      </div>
    </Confirm>
  );
}
