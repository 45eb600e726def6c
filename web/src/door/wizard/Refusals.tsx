import { useTranslation } from "react-i18next";
import type { Diagnosis } from "../../api/types";
import { settings } from "../../app/settings";
import { grouped } from "../../shared/Money";
import page from "../../shared/page.module.css";
import { useStore } from "../../shared/store";
import { Table } from "../../shared/Table";

/** Which rows are not taken, and why; nothing of the file was taken in then. */
export function Refusals({ found }: { found: Diagnosis }) {
  const { t } = useTranslation("wizard");
  const { language } = useStore(settings);
  const rows = (found.refusals ?? []).map((one, place) => ({ ...one, key: `${place}` }));
  return (
    <section className={page.page} aria-label={t("refused.title")}>
      <div role="alert">
        <h2>{t("refused.title")}</h2>
        <p>
          {found.refused_rows > rows.length
            ? t("refused.some", { count: found.refused_rows, shown: rows.length })
            : t(found.headers?.length ? "refused.columns" : "refused.lead")}
        </p>
      </div>
      <Table
        caption={t("refused.rows")}
        rows={rows}
        keyOf={(row) => row.key}
        columns={[
          {
            key: "row",
            title: t("refused.row"),
            show: (row) => (row.row ? grouped(row.row) : t("refused.whole")),
            raw: (row) => row.row,
          },
          {
            key: "column",
            title: t("refused.column"),
            show: (row) => row.column || "–",
            raw: (row) => row.column,
          },
          {
            key: "why",
            title: t("refused.why"),
            show: (row) => (language === "ko" ? row.text : row.text_en),
            raw: (row) => (language === "ko" ? row.text : row.text_en),
          },
          { key: "value", title: t("refused.value"), show: (row) => row.value || "–", raw: (row) => row.value },
        ]}
      />
    </section>
  );
}
