import classes from "./Level.module.css";

interface LevelProps {
  of: number;
  max: number;
  label: string;
  tone?: "plain" | "warn" | "bad";
  thin?: boolean;
}

/** How much of something there is; what is drawn is the figures themselves, in a space as wide as the most of them. */
export function Level({ of, max, label, tone = "plain", thin }: LevelProps) {
  return (
    <svg
      className={classes.level}
      data-thin={thin || undefined}
      viewBox={`0 0 ${max || 1} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect className={classes.ground} width={max || 1} height="1" />
      <rect className={classes.done} data-tone={tone} width={of > 0 ? of : 0} height="1" />
    </svg>
  );
}
