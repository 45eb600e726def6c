import { useTranslation } from "react-i18next";
import { AsTable } from "./Bars";
import classes from "./Heat.module.css";

const [SIDE, GAP, LEFT, TOP] = [22, 2, 28, 18];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** How much there was by day of the week, Monday first, and hour; `max` is the most of one hour. */
export function Heat({ counts, max, label }: { counts: number[][]; max: number; label: string }) {
  const { t } = useTranslation("shared");
  const cells = WEEK.flatMap((day, row) =>
    HOURS.map((hour) => ({ key: `${day}${hour}`, row, hour, count: counts[row]?.[hour] ?? 0 })),
  );
  const at = (place: number) => place * (SIDE + GAP);
  return (
    <figure className={classes.figure}>
      <section className={classes.scroll} tabIndex={0} aria-label={label}>
        <svg width={LEFT + at(24)} height={TOP + at(7)} role="img" aria-label={label}>
          {HOURS.filter((hour) => hour % 3 === 0).map((hour) => (
            <text key={hour} className={classes.name} x={LEFT + at(hour)} y={TOP - 6}>
              {hour}
            </text>
          ))}
          {WEEK.map((day, row) => (
            <text key={day} className={classes.name} x="0" y={TOP + at(row) + 16}>
              {t(`week.${day}`)}
            </text>
          ))}
          {cells.map(({ key, row, hour, count }) => (
            <rect
              key={key}
              className={count ? classes.some : classes.none}
              x={LEFT + at(hour)}
              y={TOP + at(row)}
              width={SIDE}
              height={SIDE}
              rx="3"
              fillOpacity={count && max ? 0.15 + 0.85 * (count / max) : 1}
            >
              <title>{t("heat", { day: t(`week.${WEEK[row] ?? "mon"}`), hour, count })}</title>
            </rect>
          ))}
        </svg>
      </section>
      <AsTable summary={t("asTable")} caption={label} head={[t("hour"), ...WEEK.map((day) => t(`week.${day}`))]}>
        {HOURS.map((hour) => (
          <tr key={hour}>
            <th scope="row">{hour}</th>
            {WEEK.map((day, row) => (
              <td key={day}>{counts[row]?.[hour] ?? 0}</td>
            ))}
          </tr>
        ))}
      </AsTable>
    </figure>
  );
}
