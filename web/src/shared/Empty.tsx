import { Button, Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { why } from "../i18n";
import classes from "./Empty.module.css";
import { Icon, type IconName } from "./icons";

/** What stands where nothing is yet: what will be there, when, and one thing to do about it. */
export function Empty(props: { title: string; help?: string; icon?: IconName; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      {props.icon && <Icon name={props.icon} size={28} />}
      <p className={classes.title}>{props.title}</p>
      {props.help && <p>{props.help}</p>}
      {props.children}
    </div>
  );
}

/** Why something is not there, and another try. */
export function Failed({ error, again }: { error: unknown; again: () => void }) {
  const { t } = useTranslation("shared");
  return (
    <div className={classes.empty} role="alert">
      <Icon name="warn" size={28} />
      <p className={classes.title}>{t("failed")}</p>
      <p>{why(error)}</p>
      <Button variant="default" onClick={again}>
        {t("again")}
      </Button>
    </div>
  );
}

export function Loading({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation("shared");
  return (
    <div className={classes.loading} role="status" aria-label={t("loading")}>
      {Array.from({ length: lines }, (_, line) => `line ${line}`).map((line) => (
        <Skeleton key={line} height={18} />
      ))}
    </div>
  );
}

/** What was asked for once it is there; until then what is known of it: that it is on its way, or why it is not. */
export function Asked<T>({ of, children }: { of: UseQueryResult<T>; children: (found: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.isError) return <Failed error={of.error} again={() => void of.refetch()} />;
  return <Loading />;
}
