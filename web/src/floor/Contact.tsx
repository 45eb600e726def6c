import { Link } from "@tanstack/react-router";
import type { Held } from "../api/calls/floor";

const SHOWN = 6;

/** A contact by its shop and the end of its number; a lead can open it in the console. */
export function Contact({ of, shop, linked }: { of: Held; shop: string; linked: boolean }) {
  const name = `${shop} #${of.contact.slice(-SHOWN)}`;
  if (!linked) return <span>{name}</span>;
  return (
    <Link to="/console/$tenant/$contact" params={{ tenant: of.tenant, contact: of.contact }}>
      {name}
    </Link>
  );
}
