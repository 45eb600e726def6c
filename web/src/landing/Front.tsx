import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Account } from "../app/Account";
import classes from "./Front.module.css";

/** The frame of what anybody may read. */
export function Front({ children }: { children: ReactNode }) {
  const { t } = useTranslation("landing");
  const { t: say } = useTranslation();
  return (
    <div className={classes.front}>
      <a className={classes.skip} href="#main">
        {say("app.skipNav")}
      </a>
      <header className={classes.top}>
        <Link to="/" className={classes.name}>
          {say("app.name")}
        </Link>
        <nav className={classes.nav} aria-label={t("nav")}>
          <Link to="/price">{t("prices")}</Link>
          <Link to="/terms">{t("terms")}</Link>
        </nav>
        <span className={classes.gap} />
        <Account />
        <Button component={Link} to="/sign-in" variant="subtle" className={classes.enter}>
          {say("signIn.submit")}
        </Button>
        <Button component={Link} to="/sign-up" className={classes.begin}>
          {t("begin")}
        </Button>
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        {children}
      </main>
      <footer className={classes.foot}>
        <span>{t("foot")}</span>
        <Link to="/price">{t("prices")}</Link>
        <Link to="/terms">{t("terms")}</Link>
        <Link to="/sign-in">{say("signIn.submit")}</Link>
      </footer>
    </div>
  );
}
