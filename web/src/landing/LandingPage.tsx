import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Loading } from "../shared/Empty";
import { Icon } from "../shared/icons";
import { Front } from "./Front";
import classes from "./Landing.module.css";

// Further down than the first screen, and what it shows is asked for first: it comes after the page.
const Prices = lazy(() => import("./Prices").then((module) => ({ default: module.Prices })));
const Comparison = lazy(() => import("./Comparison").then((module) => ({ default: module.Comparison })));
const WORK = ["voice", "count", "evidence"] as const;
const ICONS = { voice: "book", count: "receipt", evidence: "eye" } as const;
const STEPS = ["one", "two", "three"] as const;
const AGAINST = ["many", "long", "night", "calls"] as const;

export function LandingPage() {
  const { t } = useTranslation("landing");
  return (
    <Front>
      <section className={classes.hero}>
        <div className={classes.claim}>
          <h1>{t("claim")}</h1>
          <p className={classes.lead}>{t("lead")}</p>
          <div className={classes.actions}>
            <Button component={Link} to="/sign-up" size="lg">
              {t("begin")}
            </Button>
            <Button component="a" href="#compare" size="lg" variant="default">
              {t("howMuch")}
            </Button>
          </div>
          <p className={classes.small}>{t("noCard")}</p>
        </div>
        <figure className={classes.sample}>
          <figcaption>{t("sample.title")}</figcaption>
          <p className={classes.asked}>{t("sample.asked")}</p>
          <p className={classes.told}>
            <strong>{t("sample.by")}</strong>
            {t("sample.told")}
          </p>
          <p className={classes.line}>
            <Icon name="receipt" size={18} />
            {t("sample.line")}
          </p>
        </figure>
      </section>
      <section className={classes.three} aria-label={t("work.title")}>
        {WORK.map((one) => (
          <div key={one}>
            <Icon name={ICONS[one]} size={26} />
            <h2>{t(`work.${one}`)}</h2>
            <p>{t(`work.${one}Text`)}</p>
          </div>
        ))}
      </section>
      <section id="compare" className={classes.band} aria-labelledby="compare-title">
        <div className={classes.inside}>
          <h2 id="compare-title">{t("compare.title")}</h2>
          <p className={classes.lead}>{t("compare.lead")}</p>
          <div className={classes.later}>
            <Suspense fallback={<Loading lines={8} />}>
              <Comparison />
            </Suspense>
          </div>
        </div>
      </section>
      <section className={classes.inside} aria-labelledby="prices-title">
        <h2 id="prices-title">{t("prices")}</h2>
        <p className={classes.lead}>{t("pricesLead")}</p>
        <Suspense fallback={<Loading lines={6} />}>
          <Prices brief />
        </Suspense>
        <p>
          <Link to="/price">{t("pricesMore")}</Link>
        </p>
      </section>
      <section className={classes.inside} aria-labelledby="steps-title">
        <h2 id="steps-title">{t("steps.title")}</h2>
        <ol className={classes.steps}>
          {STEPS.map((one) => (
            <li key={one}>
              <h3>{t(`steps.${one}`)}</h3>
              <p>{t(`steps.${one}Text`)}</p>
            </li>
          ))}
        </ol>
      </section>
      <section className={classes.inside} aria-labelledby="against-title">
        <h2 id="against-title">{t("against.title")}</h2>
        <ul className={classes.against}>
          {AGAINST.map((one) => (
            <li key={one}>{t(`against.${one}`)}</li>
          ))}
        </ul>
        <Button component={Link} to="/sign-up" size="lg">
          {t("begin")}
        </Button>
      </section>
    </Front>
  );
}
