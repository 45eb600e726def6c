import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Access as Look, readAccesses } from "../api/calls/shop";
import type { Column } from "../shared/columns";
import { full } from "../shared/dates";
import { Asked, Empty } from "../shared/Empty";
import { MonthField } from "../shared/MonthField";
import { now } from "../shared/now";
import page from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { useTable } from "../shared/table";
import { useUrl } from "../shared/url";
import classes from "./shop.module.css";
import { dayFrom } from "./times";
import { ForOwner, useLanguage, useNameOf, useWho } from "./who";

export function Access() {
  const { t } = useTranslation("shop");
  return (
    <ForOwner title={t("place.access")}>
      <Whole />
    </ForOwner>
  );
}

/** Who looked at the shop's customers' data, when and what for. */
function Whole() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const language = useLanguage();
  const [url] = useUrl();
  const control = useTable();
  const nameOf = useNameOf();
  const month = url.month ?? dayFrom(now(), 0).slice(0, 7);
  const asked = useQuery({
    queryKey: [tenant, "accesses", month, control.cursor],
    queryFn: () => readAccesses(tenant, month, control.cursor),
  });
  const columns: Column<Look>[] = [
    {
      key: "at",
      title: t("access.at"),
      show: (one) => full(new Date(one.at), language),
      raw: (one) => one.at,
    },
    { key: "who", title: t("access.who"), show: (one) => nameOf(one.who), raw: (one) => one.who },
    { key: "what", title: t("access.what"), show: (one) => <What of={one.what} />, raw: (one) => one.what },
    { key: "why", title: t("access.why"), show: (one) => one.why || "–", raw: (one) => one.why ?? "" },
    {
      key: "whose",
      title: t("access.whose"),
      show: (one) => (
        <span className={classes.mono}>
          {one.whose.length > 1
            ? t("access.people", { count: one.whose.length })
            : (one.whose[0]?.slice(0, 12) ?? t("access.everybody"))}
        </span>
      ),
      raw: (one) => one.whose.join(" "),
    },
    { key: "source", title: t("access.source"), show: (one) => one.source || "–", raw: (one) => one.source },
  ];
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("place.access")}</h1>
        <MonthField label={t("month")} value={month} />
      </div>
      <p className={page.lead}>{t("access.lead")}</p>
      <Asked of={asked}>
        {(found) => (
          <Table
            caption={t("place.access")}
            columns={columns}
            rows={found.records}
            keyOf={(one) => `${one.at}${one.who}${one.what}${one.whose.join()}`}
            control={control}
            next={found.cursor}
            empty={<Empty icon="eye" title={t("access.none")} />}
          />
        )}
      </Asked>
    </div>
  );
}

const FIELDS = ["name", "phone", "mail", "order_number", "address", "account"];

/** What was looked at, in words; of a contact the way to it. */
function What({ of }: { of: string }) {
  const { t } = useTranslation("shop");
  const words = of.split(" ");
  const contact = words.find((one) => /^[0-9a-f]{32}$/.test(one));
  const field = words.find((one) => FIELDS.includes(one));
  const kind =
    of === "list people mail" ? "people" : of === "export of the tenant" ? "export_whole" : (words[0] ?? "");
  const told = LOOKS.has(kind) ? t(`look.${kind as "story"}`) : of;
  return (
    <>
      {told}
      {field && kind !== "people" && ` · ${t(`contacts.way.${field as "phone"}`)}`}
      {contact && kind !== "file" && (
        <>
          {" "}
          <Link to="/shop/contacts/$contact" params={{ contact }}>
            {contact.slice(0, 8)}
          </Link>
        </>
      )}
    </>
  );
}

const LOOKS = new Set([
  "story",
  "past",
  "list",
  "customer",
  "search",
  "unmask",
  "ratings",
  "drafts",
  "files",
  "file",
  "export",
  "export_whole",
  "people",
]);
