import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Account } from "../app/Account";
import page from "../shared/page.module.css";
import classes from "./Card.module.css";

/** The frame of a door: one thing on an otherwise empty page. */
export function Card({
  title,
  lead,
  wide,
  children,
}: {
  title: string;
  lead?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className={classes.door}>
      <header className={classes.top}>
        <Link to="/" className={classes.name}>
          {t("app.name")}
        </Link>
        <Account />
      </header>
      <main className={classes.card} data-wide={wide || undefined}>
        <div className={page.page}>
          <h1>{title}</h1>
          {lead && <p className={page.lead}>{lead}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}

export function Wrong({ text }: { text: string }) {
  return (
    <p role="alert" className={text ? page.wrong : undefined}>
      {text}
    </p>
  );
}
