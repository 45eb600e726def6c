import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { announceIncident, endIncident, type Incident, type Pool } from "../api/calls/floor";
import { usePerson } from "../app/Signed";
import { settings } from "../app/settings";
import { Confirm } from "../shared/Confirm";
import { AreaField, RadioField, SelectField } from "../shared/Field";
import { notify } from "../shared/notices";
import { now } from "../shared/now";
import { useStore } from "../shared/store";
import { useLookAgain } from "./floor";
import classes from "./floor.module.css";
import { ShopsField } from "./ShopsField";
import { At } from "./Since";

const HOURS = ["1", "2", "4", "12"] as const;
const HOUR = 60 * 60 * 1_000;
/** What is said if nobody has the time to write: customers and shops read it in either language. */
const SAMPLE = "지금 상담이 몰려 답변이 평소보다 늦어지고 있어요. 기다려 주셔서 고마워요.";
const SAMPLE_EN = "Answers take longer than usual at the moment. Thank you for waiting.";

/** What is announced now, on every page of the floor, until somebody ends it. */
export function Incidents({ incidents }: { incidents: Incident[] }) {
  const { t } = useTranslation("floor");
  const { language } = useStore(settings);
  const again = useLookAgain();
  const [ending, setEnding] = useState<Incident | null>(null);
  async function end(): Promise<void> {
    if (!ending) return;
    await endIncident(ending.id);
    notify(t("incident.ended"));
    await again();
  }
  return (
    <>
      {incidents.map((one) => (
        <div key={one.id} className={classes.incident} role="status">
          <div>
            <p>{language === "ko" ? one.text : one.text_en}</p>
            <small>
              {t("incident.until")} <At of={one.until} />
            </small>
          </div>
          <Button variant="default" size="sm" onClick={() => setEnding(one)}>
            {t("incident.end")}
          </Button>
        </div>
      ))}
      {ending && (
        <Confirm title={t("incident.endTitle")} verb={t("incident.end")} act={end} close={() => setEnding(null)}>
          <p>{t("incident.endHelp")}</p>
        </Confirm>
      )}
    </>
  );
}

/** Tells shops and their visitors that answers are delayed, and until when. */
export function Announce({ pools, close }: { pools: Pool[]; close: () => void }) {
  const { t } = useTranslation("floor");
  const again = useLookAgain();
  const admin = usePerson()?.kind === "admin";
  const [key] = useState(() => crypto.randomUUID());
  // Whoever announces it once more after a lost answer says the very same.
  const [began] = useState(() => now().getTime());
  const [text, setText] = useState(SAMPLE);
  const [textEn, setTextEn] = useState(SAMPLE_EN);
  const [hours, setHours] = useState<(typeof HOURS)[number]>("1");
  const [pool, setPool] = useState(pools[0]?.pool ?? "");
  const [tenants, setTenants] = useState<string[]>([]);
  const shops = pools.find((one) => one.pool === pool)?.tenants ?? [];
  async function announce(): Promise<void> {
    const until = new Date(began + Number(hours) * HOUR).toISOString();
    await announceIncident({ text, text_en: textEn, until, pool: admin ? pool : "", tenants }, key);
    notify(t("incident.announced"));
    await again();
  }
  return (
    <Confirm
      title={t("incident.announce")}
      verb={t("incident.verb")}
      ready={text.trim() !== "" && textEn.trim() !== "" && (!admin || pool !== "")}
      act={announce}
      close={close}
    >
      <p>{t("incident.help")}</p>
      {admin && (
        <SelectField
          label={t("incident.pool")}
          value={pool}
          onChange={(one) => {
            setPool(one);
            setTenants([]);
          }}
          options={pools.map((one) => ({ value: one.pool, label: one.pool }))}
        />
      )}
      <AreaField label={t("incident.text")} value={text} onChange={setText} rows={2} maxLength={300} />
      <AreaField label={t("incident.textEn")} value={textEn} onChange={setTextEn} rows={2} maxLength={300} />
      <RadioField
        label={t("incident.howLong")}
        value={hours}
        onChange={setHours}
        options={HOURS.map((value) => ({ value, label: t("reserve.hours", { count: Number(value) }) }))}
      />
      <ShopsField
        key={pool}
        label={t("incident.shops")}
        help={t("incident.shopsHelp")}
        options={shops.map((one) => ({ value: one.tenant, label: one.name }))}
        choose={setTenants}
      />
    </Confirm>
  );
}
