import { Link, type LinkProps, Outlet, useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../shared/Confirm";
import { Icon, type IconName } from "../shared/icons";
import { Account } from "./Account";
import classes from "./Shell.module.css";

export interface Place {
  to: NonNullable<LinkProps["to"]>;
  label: string;
  icon: IconName;
  /** What waits there; 0 and nothing are not shown. */
  count?: number;
}

interface ShellProps {
  /** What stands beside the name of the house: a shop's name, a desk's. */
  title: string;
  places: Place[];
  /** Above everything: incidents, and what has to be known on every page. */
  banner?: ReactNode;
  /** Instead of the page of the address. */
  children?: ReactNode;
}

/** As many places as stand side by side on a telephone, the last of which opens the rest. */
const FIT = 4;

/** The frame of an area: its places beside the page, or below it on a telephone. */
export function Shell({ title, places, banner, children }: ShellProps) {
  const { t } = useTranslation();
  const [more, setMore] = useState(false);
  const path = useLocation({ select: (location) => location.pathname });
  const main = useRef<HTMLElement>(null);
  const fits = places.length <= FIT + 1;
  const first = fits ? places : places.slice(0, FIT);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes what stood over this one
  useEffect(() => setMore(false), [path]);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t("app.skipNav")}
      </a>
      <header className={classes.top}>
        <Link to="/sign-in" className={classes.name}>
          {t("app.name")}
        </Link>
        <span className={classes.title}>{title}</span>
        <Account />
      </header>
      <nav className={classes.side} aria-label={title}>
        <Places places={places} />
      </nav>
      <nav className={classes.bottom} aria-label={title}>
        <Places places={first} />
        {!fits && (
          <button type="button" className={classes.place} onClick={() => setMore(true)}>
            <Icon name="dots" size={20} />
            <span>{t("app.more")}</span>
          </button>
        )}
      </nav>
      <main ref={main} id="main" className={classes.main} tabIndex={-1}>
        {banner}
        {children ?? <Outlet />}
      </main>
      {more && (
        <Dialog sheet title={title} close={() => setMore(false)}>
          <div className={classes.sheet}>
            <Places places={places.slice(FIT)} />
          </div>
        </Dialog>
      )}
    </div>
  );
}

function Places({ places }: { places: Place[] }) {
  return places.map((place) => (
    <Link
      key={place.to}
      to={place.to}
      className={classes.place}
      activeOptions={{ exact: place === places[0], includeSearch: false }}
      activeProps={{ "data-on": true, "aria-current": "page" }}
    >
      <Icon name={place.icon} size={20} />
      <span>{place.label}</span>
      {!!place.count && <span className={classes.count}>{place.count}</span>}
    </Link>
  ));
}
