import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { announceDiagnosis, type Columns, readDiagnosis, startDiagnosis, upload } from "../../api/calls/door";
import type { Diagnosis } from "../../api/types";
import { query } from "../../app/query";
import { Asked, Failed } from "../../shared/Empty";
import { NumberField, SelectField } from "../../shared/Field";
import { Icon } from "../../shared/icons";
import { grouped } from "../../shared/Money";
import { Progress } from "../../shared/Progress";
import page from "../../shared/page.module.css";
import { useUrl } from "../../shared/url";
import { Wrong } from "../Card";
import { useSubmit } from "../submit";
import { Refusals } from "./Refusals";
import { ReportView } from "./ReportView";
import { Heading, StepForm } from "./StepForm";
import { type Held, saveSection, useReport, useSection } from "./sections";
import type { StepProps } from "./Wizard";
import { setupKey } from "./Wizard";
import classes from "./Wizard.module.css";

const LOOK = 500;
const WORKING = new Set(["announced", "queued", "reading"]);

/** Past contacts as a file: what they tell proposes the rest. Which one is looked at stands in the address. */
export function Past({ tenant, next }: StepProps) {
  const { t } = useTranslation("wizard");
  const [url, change] = useUrl();
  const report = useReport(tenant);
  const show = (id: string) => change({ file: id }, { replace: true });
  return (
    <>
      <Heading title={t("past.title")} lead={t("past.lead")} />
      {url.file ? (
        <Reading tenant={tenant} id={url.file} next={next} again={() => show("")} />
      ) : (
        <>
          <Send tenant={tenant} sent={show} />
          <Asked of={report}>
            {(found) =>
              found ? <ReportView report={found} next={next} /> : <ByHand tenant={tenant} next={next} />
            }
          </Asked>
        </>
      )}
    </>
  );
}

function Send({ tenant, sent }: { tenant: string; sent: (id: string) => void }) {
  const { t } = useTranslation("wizard");
  const [percent, setPercent] = useState<number | null>(null);
  const [over, setOver] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const form = useSubmit(async () => {
    if (!file) return;
    try {
      setPercent(0);
      const body = { name: file.name.normalize("NFC"), size: file.size };
      const made = await announceDiagnosis(tenant, body, crypto.randomUUID());
      await upload(made.upload, file, setPercent);
      await startDiagnosis(tenant, made.id);
      sent(made.id);
    } finally {
      setPercent(null);
    }
  });
  function dropped(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    setFile(event.dataTransfer.files[0] ?? null);
  }
  return (
    <form className={page.form} onSubmit={form.run}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way more; the button is the one for all */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <Icon name="upload" size={26} />
        <input
          id="past-file"
          type="file"
          className="spoken"
          accept=".csv,text/csv"
          aria-describedby="past-help"
          onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        />
        <label htmlFor="past-file">{t("past.file")}</label>
        <p id="past-help" className={page.muted}>
          {t("past.fileHelp")}
        </p>
        {file && (
          <p role="status">{t("past.chosen", { name: file.name, size: grouped(Math.ceil(file.size / 1024)) })}</p>
        )}
      </div>
      <details>
        <summary>{t("past.example")}</summary>
        <pre className={page.code}>{t("past.exampleText")}</pre>
        <p className={page.muted}>{t("past.private")}</p>
      </details>
      {percent !== null && (
        <Progress percent={percent} label={t("past.sending")}>
          {t("past.sending")}
        </Progress>
      )}
      <Wrong text={file?.size === 0 ? t("past.empty") : form.wrong} />
      <div className={page.actions}>
        <Button type="submit" size="md" disabled={!file?.size} loading={form.busy}>
          {t("past.send")}
        </Button>
      </div>
    </form>
  );
}

interface ReadingProps {
  tenant: string;
  id: string;
  next: () => void;
  again: () => void;
}

function Reading({ tenant, id, next, again }: ReadingProps) {
  const { t } = useTranslation("wizard");
  const asked = useQuery({
    queryKey: ["diagnosis", tenant, id],
    queryFn: async () => {
      const found = await readDiagnosis(tenant, id);
      if (found.state === "done") {
        void query.invalidateQueries({ queryKey: ["report", tenant] });
        void query.invalidateQueries({ queryKey: setupKey(tenant) });
      }
      return found;
    },
    refetchInterval: ({ state }) =>
      state.data ? WORKING.has(state.data.state) && LOOK : state.status !== "error" && LOOK,
    staleTime: 0,
  });
  const found = asked.data;
  if (!found) return asked.isError ? <Failed error={asked.error} again={() => void asked.refetch()} /> : null;
  const other = (
    <Button variant="default" onClick={again}>
      {t("past.other")}
    </Button>
  );
  if (found.report) {
    return (
      <>
        <ReportView report={found.report} next={next} />
        <div className={page.actions}>{other}</div>
      </>
    );
  }
  if (found.state === "refused") {
    return (
      <>
        <Refusals found={found} />
        {found.headers?.length ? (
          <Choose tenant={tenant} found={found} started={() => void asked.refetch()} />
        ) : null}
        <div className={page.actions}>{other}</div>
      </>
    );
  }
  return (
    <section className={page.panel} aria-label={t("past.reading")}>
      <Progress
        percent={found.rows_total ? shareOf(found.rows_read, found.rows_total) : 0}
        label={t("past.reading")}
      >
        <span role="status">
          {found.rows_total
            ? t("past.rows", { read: grouped(found.rows_read), total: grouped(found.rows_total) })
            : t("past.waiting")}
        </span>
      </Progress>
    </section>
  );
}

/** How far a bar of progress goes; what the file tells is reckoned by the server. */
function shareOf(read: number, total: number): number {
  return (100 * read) / total;
}

function Choose({ tenant, found, started }: { tenant: string; found: Diagnosis; started: () => void }) {
  const { t } = useTranslation("wizard");
  const [columns, setColumns] = useState<Record<"at" | "text" | "channel", string>>({
    at: "",
    text: "",
    channel: "",
  });
  const form = useSubmit(async () => {
    const { at, text, channel } = columns;
    const wanted: Columns = { at: Number(at), text: Number(text), channel: Number(channel) };
    await startDiagnosis(tenant, found.id, wanted);
    started();
  });
  const options = (found.headers ?? []).map((title, place) => ({
    value: String(place + 1),
    label: title || t("past.column", { place: place + 1 }),
  }));
  return (
    <form className={page.form} onSubmit={form.run}>
      {(["at", "text", "channel"] as const).map((name) => (
        <SelectField
          key={name}
          label={t(`past.columns.${name}`)}
          none={t("past.choose")}
          optional={name === "channel"}
          value={columns[name]}
          onChange={(value) => setColumns((now) => ({ ...now, [name]: value }))}
          options={options}
        />
      ))}
      <Wrong text={form.wrong} />
      <div className={page.actions}>
        <Button type="submit" loading={form.busy} disabled={!columns.at || !columns.text}>
          {t("past.readAgain")}
        </Button>
      </div>
    </form>
  );
}

/** For shops without a file: what they expect, in two numbers. */
function ByHand({ tenant, next }: StepProps) {
  const asked = useSection(tenant, "about");
  return <Asked of={asked}>{(held) => <Numbers {...{ tenant, next, held }} />}</Asked>;
}

function Numbers({ tenant, next, held }: StepProps & { held: Held<"about"> }) {
  const { t } = useTranslation("wizard");
  const [day, setDay] = useState<number | null>(held.body.volume.contacts_a_day || null);
  const [promotions, setPromotions] = useState<number | null>(held.body.volume.promotions_a_month ?? 0);
  const volume = { ...held.body.volume, contacts_a_day: day ?? 0, promotions_a_month: promotions ?? 0 };
  return (
    <div className={page.panel}>
      <StepForm
        title={t("past.none")}
        lead={t("past.noneHelp")}
        level={2}
        chosen
        ready={day !== null && day > 0 && promotions !== null}
        save={() => saveSection(tenant, "about", { ...held.body, volume }, held.version)}
        next={next}
      >
        <NumberField label={t("past.day")} unit={t("past.dayUnit")} max={100_000} value={day} onChange={setDay} />
        <NumberField
          label={t("past.promotions")}
          unit={t("past.promotionsUnit")}
          max={31}
          value={promotions}
          onChange={setPromotions}
        />
      </StepForm>
    </div>
  );
}
