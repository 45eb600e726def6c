import { colourOf, initials, inkOn } from "../shared/colour";
import classes from "./ShopTile.module.css";

/** A shop's mark: its colour with letters of its name that can be read on it. */
export function ShopTile(props: { id: string; name: string; colour?: string | undefined; size?: number }) {
  const colour = colourOf(props.id, props.colour);
  const size = props.size ?? 32;
  return (
    <span
      className={classes.tile}
      style={{ background: colour, color: inkOn(colour), width: size, height: size, fontSize: size * 0.4 }}
      aria-hidden
    >
      {initials(props.name)}
    </span>
  );
}
