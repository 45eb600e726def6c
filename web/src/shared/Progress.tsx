import type { ReactNode } from "react";
import classes from "./Progress.module.css";

/** How far something is, in percent as the server says it; above 100 the bar is full. */
export function Progress(props: {
  percent: number;
  label: string;
  tone?: "plain" | "warn" | "bad";
  children?: ReactNode;
}) {
  const shown = Math.min(100, Math.max(0, props.percent));
  return (
    <div className={classes.progress}>
      <svg
        className={classes.bar}
        width="100%"
        height="10"
        role="progressbar"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(shown)}
      >
        <rect className={classes.ground} width="100%" height="10" rx="5" />
        <rect className={classes.done} data-tone={props.tone ?? "plain"} width={`${shown}%`} height="10" rx="5" />
      </svg>
      {props.children && <div className={classes.text}>{props.children}</div>}
    </div>
  );
}
