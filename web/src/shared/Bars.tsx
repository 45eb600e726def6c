import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Bars.module.css";

export interface Bar {
  key: string;
  label: ReactNode;
  /** What stands at the end of the bar, written out. */
  value: ReactNode;
  /** How long it is, as the server says it: percent of the longest one. */
  percent: number;
  /** The one that is meant. */
  strong?: boolean;
}

/** Bars beneath each other; each says its figure, so they need no table beside them. */
export function Bars({ bars, label }: { bars: Bar[]; label: string }) {
  return (
    <ul className={classes.bars} aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.key} data-strong={bar.strong || undefined}>
          <span className={classes.label}>{bar.label}</span>
          <span className={classes.value}>{bar.value}</span>
          <svg width="100%" height="14" aria-hidden focusable="false">
            <rect className={classes.ground} width="100%" height="14" rx="3" />
            <rect
              className={classes.bar}
              width={`${Math.min(100, Math.max(0, bar.percent))}%`}
              height="14"
              rx="3"
            />
          </svg>
        </li>
      ))}
    </ul>
  );
}

export interface Point {
  key: string;
  label: string;
  /** What stands below it, where its label is too long for that. */
  short?: string;
  /** null where there is nothing to tell. */
  value: number | null;
  /** The value written out, if the number itself will not do. */
  text?: string;
}

const HEIGHT = 120;
const AXIS = 20;
const NAMED = 6;
/** In percent: a name closer to an end than this begins or ends there, where the middle of it would be cut. */
const EDGE = 5;

function Named({ label, place, step }: { label: string; place: number; step: number }) {
  const middle = (place + 0.5) * step;
  const [anchor, part] =
    middle < EDGE
      ? (["start", 0.12] as const)
      : middle > 100 - EDGE
        ? (["end", 0.88] as const)
        : (["middle", 0.5] as const);
  return (
    <text className={classes.name} x={`${(place + part) * step}%`} y={HEIGHT + AXIS - 4} textAnchor={anchor}>
      {label}
    </text>
  );
}

/** Columns side by side, for days and hours; `max` is what the server says the highest one is. */
export function Columns(props: { points: Point[]; max: number; label: string; head: [string, string] }) {
  const { t } = useTranslation("shared");
  const { points, max } = props;
  const step = 100 / Math.max(1, points.length);
  const each = Math.ceil(points.length / NAMED);
  return (
    <figure className={classes.figure}>
      <svg className={classes.columns} width="100%" height={HEIGHT + AXIS} role="img" aria-label={props.label}>
        <line className={classes.base} x1="0" x2="100%" y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {points.map((point, place) => {
          const height = max > 0 ? ((point.value ?? 0) / max) * (HEIGHT - 4) : 0;
          return (
            <rect
              key={point.key}
              className={classes.bar}
              x={`${(place + 0.12) * step}%`}
              y={HEIGHT - height}
              width={`${step * 0.76}%`}
              height={height}
              rx="2"
            >
              <title>{`${point.label} · ${point.text ?? point.value ?? "–"}`}</title>
            </rect>
          );
        })}
        {points.map(
          (point, place) =>
            place % each === 0 && (
              <Named key={point.key} label={point.short ?? point.label} place={place} step={step} />
            ),
        )}
      </svg>
      <AsTable summary={t("asTable")} caption={props.label} head={props.head}>
        {points.map((point) => (
          <tr key={point.key}>
            <th scope="row">{point.label}</th>
            <td>{point.text ?? point.value ?? "–"}</td>
          </tr>
        ))}
      </AsTable>
    </figure>
  );
}

/** The figures of a picture, for those who read them rather. */
export function AsTable(props: { summary: string; caption: string; head: string[]; children: ReactNode }) {
  return (
    <details className={classes.details}>
      <summary>{props.summary}</summary>
      <section className={classes.scroll} tabIndex={0} aria-label={props.caption}>
        <table>
          <caption className="spoken">{props.caption}</caption>
          <thead>
            <tr>
              {props.head.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{props.children}</tbody>
        </table>
      </section>
    </details>
  );
}
