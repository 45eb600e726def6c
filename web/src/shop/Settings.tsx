import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Choice, readChoices, readVersions } from "../api/calls/shop";
import { Asked } from "../shared/Empty";
import page from "../shared/page.module.css";
import { useUrl } from "../shared/url";
import { Editor } from "./settings/Editor";
import { useSummary } from "./settings/summary";
import classes from "./shop.module.css";
import { useNameOf, useWho, When } from "./who";

/** What the shop has chosen, section by section: since when, by whom, and what was chosen before. */
export function Settings() {
  const { t } = useTranslation("shop");
  const { tenant, owns } = useWho();
  const asked = useQuery({ queryKey: [tenant, "choices"], queryFn: () => readChoices(tenant) });
  return (
    <div className={page.page}>
      <h1>{t("place.settings")}</h1>
      {!owns && <p className={page.lead}>{t("settings.ownerChanges")}</p>}
      <Asked of={asked}>
        {({ sections }) => sections.map((one) => <Section key={one.section} choice={one} />)}
      </Asked>
      {owns && (
        <section className={page.panel} aria-labelledby="more">
          <h2 id="more">{t("settings.more")}</h2>
          <ul className={classes.list}>
            <li>
              <Link to="/set-up/{-$step}" params={{ step: "answers" }}>
                {t("settings.answers")}
              </Link>
            </li>
            <li>
              <Link to="/set-up/{-$step}" params={{ step: "rehearsal" }}>
                {t("settings.rehearsal")}
              </Link>
            </li>
            <li>
              <Link to="/terms">{t("settings.terms")}</Link>
            </li>
            <li>
              <Link to="/shop/leave">{t("leave.title")}</Link>
            </li>
          </ul>
        </section>
      )}
    </div>
  );
}

function Section({ choice }: { choice: Choice }) {
  const { t } = useTranslation("shop");
  const { owns } = useWho();
  const [url, change] = useUrl();
  const [open, setOpen] = useState(false);
  const summary = useSummary();
  const nameOf = useNameOf();
  const name = t(`section.${choice.section as "goals"}`);
  return (
    <section className={page.panel} aria-label={name}>
      <div className={page.head}>
        <h2>{name}</h2>
        {owns && (
          <Button
            variant="default"
            aria-label={t("settings.changeOf", { section: name })}
            onClick={() => change({ edit: choice.section }, { replace: true })}
          >
            {t("settings.change")}
          </Button>
        )}
      </div>
      <Said of={summary(choice.section, choice.body)} />
      <p className={page.muted}>
        {choice.version ? (
          <>
            {t("settings.version", { version: choice.version })} · {nameOf(choice.by)} · <When at={choice.at} />
          </>
        ) : (
          t("settings.untouched")
        )}
      </p>
      {choice.version > 0 && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t("settings.history")}</summary>
          {open && <History section={choice.section} />}
        </details>
      )}
      {owns && url.edit === choice.section && (
        <Editor title={name} choice={choice} close={() => change({ edit: "" }, { replace: true })} />
      )}
    </section>
  );
}

function Said({ of }: { of: [string, string][] }) {
  return (
    <dl className={classes.rows}>
      {of.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function History({ section }: { section: string }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const summary = useSummary();
  const nameOf = useNameOf();
  const [cursors, setCursors] = useState([""]);
  const cursor = cursors.at(-1) ?? "";
  const asked = useQuery({
    queryKey: [tenant, "versions", section, cursor],
    queryFn: () => readVersions(tenant, section, cursor),
    staleTime: 0,
  });
  return (
    <Asked of={asked}>
      {(found) => (
        <>
          <ol className={classes.list}>
            {found.versions.map((one) => (
              <li key={one.version} className={classes.item}>
                <div className={classes.grow}>
                  <p>
                    <b>{t("settings.version", { version: one.version })}</b>{" "}
                    <span className={page.muted}>
                      {nameOf(one.by)} · <When at={one.at} />
                    </span>
                  </p>
                  <Said of={summary(section, one.body)} />
                </div>
              </li>
            ))}
          </ol>
          {found.cursor && (
            <Button variant="default" onClick={() => setCursors((now) => [...now, found.cursor ?? ""])}>
              {t("settings.older")}
            </Button>
          )}
        </>
      )}
    </Asked>
  );
}
