import { useTranslation } from "react-i18next";
import type { Documents as Found } from "../api/types";
import { settings } from "../app/settings";
import { useStore } from "../shared/store";
import classes from "./Documents.module.css";

/** The terms of entrustment and the companies to which data are handed on, word for word. */
export function Documents({ found }: { found: Found }) {
  const { t } = useTranslation("shared");
  const { language } = useStore(settings);
  const ko = language === "ko";
  // What is announced stands below what holds.
  const terms = [found.terms, found.terms_to_come].filter((one) => !!one);
  const lists = [found.subprocessors, found.subprocessors_to_come].filter((one) => !!one);
  return (
    <div className={classes.documents}>
      {terms.map((one) => (
        <article key={one.version} aria-label={t("documents.terms")}>
          <p className={classes.version}>{t("documents.since", { version: one.version, since: one.since })}</p>
          <Terms text={ko ? one.text : one.text_en} />
        </article>
      ))}
      {lists.map(({ version, since, list }) => (
        <table key={version}>
          <caption>
            {t("documents.processors")}
            <span className={classes.version}>{t("documents.since", { version, since })}</span>
          </caption>
          <thead>
            <tr>
              <th scope="col">{t("documents.company")}</th>
              <th scope="col">{t("documents.country")}</th>
              <th scope="col">{t("documents.what")}</th>
            </tr>
          </thead>
          <tbody>
            {list.map((one) => (
              <tr key={one.name}>
                <th scope="row">{one.name}</th>
                <td>{one.country}</td>
                <td>{ko ? one.what : one.what_en}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

/** The text, whose lines are broken at the width of a page, as paragraphs that flow; no word of it is changed. */
function Terms({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      {text
        .trim()
        .split(/\n{2,}/)
        .map((part) => {
          const [first = "", ...rest] = part.split("\n");
          return (
            <section key={first}>
              <h3>{first}</h3>
              {rest.length > 0 && <p>{rest.join(" ")}</p>}
            </section>
          );
        })}
    </div>
  );
}
