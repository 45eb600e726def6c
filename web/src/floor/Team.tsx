import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Member, offBoard, readTeam, resetAuthenticator } from "../api/calls/floor";
import { usePerson } from "../app/Signed";
import { Confirm } from "../shared/Confirm";
import type { Column } from "../shared/columns";
import { Asked } from "../shared/Empty";
import { AreaField } from "../shared/Field";
import { notify } from "../shared/notices";
import shared from "../shared/page.module.css";
import { Table } from "../shared/Table";
import { Certify } from "./Certify";
import { useFloor, useLookAgain } from "./floor";
import classes from "./floor.module.css";
import { Invite } from "./Invite";

type Open = { what: "invite" } | { what: "certify" | "off" | "reset"; member: Member };

/** The people of the team: who is let in, for which shops they answer, and who is let out. */
export function Team() {
  const { t } = useTranslation("floor");
  const team = useQuery({ queryKey: ["floor", "team"], queryFn: readTeam });
  const floor = useFloor();
  const me = usePerson();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const columns: Column<Member>[] = [
    {
      key: "mail",
      title: t("team.mail"),
      show: (one) => one.mail || one.id,
      raw: (one) => one.mail ?? one.id,
    },
    {
      key: "kind",
      title: t("team.kind"),
      show: (one) => t(`kind.${one.kind as "agent"}`),
      raw: (one) => one.kind,
    },
    { key: "agent", title: t("team.agent"), show: (one) => one.agent || "–", raw: (one) => one.agent ?? "" },
    { key: "pool", title: t("team.pool"), show: (one) => one.pool || "–", raw: (one) => one.pool ?? "" },
    {
      key: "totp",
      title: t("team.totp"),
      show: (one) => t(one.totp ? "team.enrolled" : "team.notYet"),
      raw: (one) => String(one.totp),
    },
    {
      key: "act",
      title: t("team.act"),
      show: (one) =>
        one.id === me?.id ? (
          <span className={shared.muted}>{t("team.me")}</span>
        ) : (
          <span className={classes.chips}>
            {one.agent && <Act label={t("certify.verb")} act={() => setOpen({ what: "certify", member: one })} />}
            <Act label={t("team.reset")} act={() => setOpen({ what: "reset", member: one })} />
            <Act label={t("team.off")} act={() => setOpen({ what: "off", member: one })} />
          </span>
        ),
    },
  ];
  const pools = floor.data?.pools ?? [];
  const member = open && open.what !== "invite" ? open.member : null;
  const pool = pools.find((one) => one.pool === member?.pool);
  const there = pool?.agents.find((one) => one.agent === member?.agent);
  return (
    <div className={shared.page}>
      <div className={shared.head}>
        <h1>{t("team.title")}</h1>
        <Button onClick={() => setOpen({ what: "invite" })}>{t("team.invite")}</Button>
      </div>
      <Asked of={team}>
        {(found) => (
          <div className={classes.tight}>
            <Table caption={t("team.title")} columns={columns} rows={found.people} keyOf={(one) => one.id} />
          </div>
        )}
      </Asked>
      {open?.what === "invite" && <Invite close={close} />}
      {open?.what === "certify" && (
        <Certify
          agent={open.member.agent ?? ""}
          name={open.member.mail || open.member.id}
          known={there ? (there.certified ?? null) : undefined}
          shops={(pool?.tenants ?? []).map((one) => ({ value: one.tenant, label: one.name }))}
          close={close}
        />
      )}
      {open?.what === "off" && <Off member={open.member} close={close} />}
      {open?.what === "reset" && <Reset member={open.member} close={close} />}
    </div>
  );
}

function Act({ label, act }: { label: string; act: () => void }) {
  return (
    <Button size="compact-sm" variant="default" onClick={act}>
      {label}
    </Button>
  );
}

function Off({ member, close }: { member: Member; close: () => void }) {
  const { t } = useTranslation("floor");
  const again = useLookAgain();
  async function act(): Promise<void> {
    const { returned } = await offBoard(member.id);
    notify(t("team.offDone", { count: returned }));
    await again();
  }
  return (
    <Confirm
      title={t("team.offTitle", { name: member.mail || member.id })}
      verb={t("team.off")}
      danger
      act={act}
      close={close}
    >
      <p>{t("team.offHelp")}</p>
    </Confirm>
  );
}

function Reset({ member, close }: { member: Member; close: () => void }) {
  const { t } = useTranslation("floor");
  const again = useLookAgain();
  const [reason, setReason] = useState("");
  async function act(): Promise<void> {
    await resetAuthenticator(member.id, reason);
    notify(t("team.resetDone"));
    await again();
  }
  return (
    <Confirm
      title={t("team.resetTitle", { name: member.mail || member.id })}
      verb={t("team.reset")}
      danger
      ready={reason.trim() !== ""}
      act={act}
      close={close}
    >
      <p>{t("team.resetHelp")}</p>
      <AreaField label={t("team.reason")} value={reason} onChange={setReason} rows={2} maxLength={1000} />
    </Confirm>
  );
}
