import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  changeRole,
  invite,
  letOut,
  type PermissionChange,
  type Role,
  readPeople,
  readPermissionChanges,
  resetAuthenticator,
  type ShopPerson,
} from "../api/calls/shop";
import type { People } from "../api/types";
import { query } from "../app/query";
import { usePerson } from "../app/Signed";
import { Confirm } from "../shared/Confirm";
import type { Column } from "../shared/columns";
import { full } from "../shared/dates";
import { Asked } from "../shared/Empty";
import { RadioField, TextField } from "../shared/Field";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import { withInvited } from "../shared/people";
import { Table } from "../shared/Table";
import { useTable } from "../shared/table";
import { ROLES } from "./names";
import classes from "./shop.module.css";
import { ForOwner, useLanguage, useNameOf, useWho } from "./who";

export function Team() {
  const { t } = useTranslation("shop");
  return (
    <ForOwner title={t("place.team")}>
      <Whole />
    </ForOwner>
  );
}

type Deed = { what: "invite" } | { what: "role" | "remove" | "reset"; person: ShopPerson };

/** Who may see the shop's pages and do what there, and how that came about. */
function Whole() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [deed, setDeed] = useState<Deed | null>(null);
  const people = useQuery({ queryKey: [tenant, "people"], queryFn: () => readPeople(tenant) });
  const close = () => setDeed(null);
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("place.team")}</h1>
        <Button onClick={() => setDeed({ what: "invite" })}>{t("team.invite")}</Button>
      </div>
      <section className={page.panel} aria-label={t("place.team")}>
        <Asked of={people}>
          {(found) => (
            <ul className={classes.list}>
              {found.people.map((one) => (
                <Member key={one.id} person={one} ask={setDeed} />
              ))}
            </ul>
          )}
        </Asked>
      </section>
      <Changes />
      {deed?.what === "invite" && <Inviting close={close} />}
      {deed?.what === "role" && <Changing person={deed.person} close={close} />}
      {deed?.what === "remove" && <Removing person={deed.person} close={close} />}
      {deed?.what === "reset" && <Resetting person={deed.person} close={close} />}
    </div>
  );
}

function Member({ person, ask }: { person: ShopPerson; ask: (deed: Deed) => void }) {
  const { t } = useTranslation("shop");
  const me = usePerson();
  const mine = me?.id === person.id;
  return (
    <li className={classes.item}>
      <span className={classes.grow}>
        {person.mail} {mine && <span className={page.muted}>{t("team.me")}</span>}
      </span>
      <span className={classes.tag}>{t(`role.${person.kind as Role}`)}</span>
      {!mine && (
        <span className={page.actions}>
          <Button variant="default" size="compact-md" onClick={() => ask({ what: "role", person })}>
            {t("team.change")}
          </Button>
          {person.totp && (
            <Button variant="default" size="compact-md" onClick={() => ask({ what: "reset", person })}>
              {t("team.reset")}
            </Button>
          )}
          <Button variant="default" size="compact-md" onClick={() => ask({ what: "remove", person })}>
            {t("team.remove")}
          </Button>
        </span>
      )}
    </li>
  );
}

async function anew(tenant: string, told: string): Promise<void> {
  await query.invalidateQueries({ queryKey: [tenant, "people"] });
  await query.invalidateQueries({ queryKey: [tenant, "permissions"] });
  notify(told);
}

function useRoles() {
  const { t } = useTranslation("shop");
  return ROLES.map((value) => ({ value, label: t(`role.${value}`), help: t(`roleHelp.${value}`) }));
}

function Inviting({ close }: { close: () => void }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [mail, setMail] = useState("");
  const [role, setRole] = useState<Role>("staff");
  async function act(): Promise<void> {
    const invited = { ...(await invite(tenant, mail.trim(), role)), mail: mail.trim() };
    query.setQueryData<People>([tenant, "people"], (known) => ({ people: withInvited(known?.people, invited) }));
    await query.invalidateQueries({ queryKey: [tenant, "permissions"] });
    notify(t("team.invited", { mail: invited.mail }));
  }
  return (
    <Confirm title={t("team.invite")} verb={t("team.send")} ready={mail.includes("@")} act={act} close={close}>
      <div className={page.form}>
        <TextField label={t("team.mail")} type="email" autoComplete="off" value={mail} onChange={setMail} />
        <RadioField label={t("team.role")} wide value={role} onChange={setRole} options={useRoles()} />
      </div>
    </Confirm>
  );
}

function Changing({ person, close }: { person: ShopPerson; close: () => void }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [role, setRole] = useState<Role>(person.kind as Role);
  async function act(): Promise<void> {
    await changeRole(tenant, person.id, role);
    await anew(tenant, t("team.changed"));
  }
  return (
    <Confirm
      title={t("team.changeTitle", { mail: person.mail })}
      verb={t("team.change")}
      ready={role !== person.kind}
      act={act}
      close={close}
    >
      <RadioField label={t("team.role")} wide value={role} onChange={setRole} options={useRoles()} />
    </Confirm>
  );
}

function Removing({ person, close }: { person: ShopPerson; close: () => void }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  async function act(): Promise<void> {
    await letOut(tenant, person.id);
    await anew(tenant, t("team.removed"));
  }
  return (
    <Confirm
      danger
      title={t("team.removeTitle", { mail: person.mail })}
      verb={t("team.remove")}
      act={act}
      close={close}
    >
      <p>{t("team.removeHelp")}</p>
    </Confirm>
  );
}

function Resetting({ person, close }: { person: ShopPerson; close: () => void }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [reason, setReason] = useState("");
  async function act(): Promise<void> {
    await resetAuthenticator(tenant, person.id, reason.trim());
    await anew(tenant, t("team.resetDone"));
  }
  return (
    <Confirm
      title={t("team.resetTitle", { mail: person.mail })}
      verb={t("team.reset")}
      ready={reason.trim() !== ""}
      act={act}
      close={close}
    >
      <div className={page.form}>
        <p>{t("team.resetHelp")}</p>
        <TextField label={t("reason")} value={reason} onChange={setReason} maxLength={200} />
      </div>
    </Confirm>
  );
}

function Changes() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const language = useLanguage();
  const control = useTable();
  const asked = useQuery({
    queryKey: [tenant, "permissions", control.cursor],
    queryFn: () => readPermissionChanges(tenant, control.cursor),
  });
  const nameOf = useNameOf();
  const role = (kind: string | undefined) => (ROLES.includes(kind as Role) ? t(`role.${kind as Role}`) : "");
  const columns: Column<PermissionChange>[] = [
    {
      key: "at",
      title: t("changes.at"),
      show: (one) => full(new Date(one.at), language),
      raw: (one) => one.at,
    },
    { key: "deed", title: t("changes.deed"), show: (one) => t(`deed.${one.deed}`), raw: (one) => one.deed },
    { key: "whom", title: t("changes.whom"), show: (one) => nameOf(one.whom), raw: (one) => one.whom },
    {
      key: "how",
      title: t("changes.how"),
      show: (one) => [role(one.before), role(one.after)].filter(Boolean).join(" → ") || "–",
      raw: (one) => `${one.before ?? ""} ${one.after ?? ""}`,
    },
    { key: "reason", title: t("reason"), show: (one) => one.reason || "–", raw: (one) => one.reason ?? "" },
    { key: "by", title: t("changes.by"), show: (one) => nameOf(one.by), raw: (one) => one.by },
  ];
  return (
    <section className={page.panel} aria-labelledby="changes">
      <h2 id="changes">{t("changes.title")}</h2>
      <Asked of={asked}>
        {(found) => (
          <Table
            caption={t("changes.title")}
            columns={columns}
            rows={found.changes}
            keyOf={(one) => `${one.at}${one.deed}${one.whom}`}
            control={control}
            next={found.cursor}
          />
        )}
      </Asked>
    </section>
  );
}
