import { TextField } from "./Field";
import { useUrl } from "./url";

/** The month that a page is about, kept in its address; another one begins at its first page. */
export function MonthField({ label, value }: { label: string; value: string }) {
  const [, change] = useUrl();
  return (
    <TextField
      label={label}
      type="month"
      value={value}
      onChange={(month) => month && change({ month, cursor: "" }, { replace: true })}
    />
  );
}
