import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Invited, invite } from "../api/calls/floor";
import type { People } from "../api/types";
import { query } from "../app/query";
import { usePerson } from "../app/Signed";
import { Confirm } from "../shared/Confirm";
import { NumberField, SelectField, TextField } from "../shared/Field";
import { notify } from "../shared/notices";
import { withInvited } from "../shared/people";

type Kind = Invited["kind"];

const KINDS: readonly Kind[] = ["agent", "lead", "finance", "admin"];
const USUAL = 6;
const MOST = 100;
const NAME = /^[a-z0-9]{3,32}$/;

/** Invites a colleague by mail; leads invite agents of their own pool. */
export function Invite({ close }: { close: () => void }) {
  const { t } = useTranslation("floor");
  const me = usePerson();
  const [key] = useState(() => crypto.randomUUID());
  const [mail, setMail] = useState("");
  const [kind, setKind] = useState<Kind>("agent");
  const [agent, setAgent] = useState("");
  const [pool, setPool] = useState(me?.pool ?? "");
  const [capacity, setCapacity] = useState<number | null>(USUAL);
  const admin = me?.kind === "admin";
  const seated = kind === "agent" || kind === "lead";
  const named = NAME.test(agent) && NAME.test(pool) && capacity !== null && capacity > 0 && capacity <= MOST;
  async function act(): Promise<void> {
    const seat = seated ? { agent, pool, capacity: capacity ?? USUAL } : {};
    const invited = await invite({ mail: mail.trim(), kind, ...seat } as Invited, key);
    query.setQueryData<People>(["floor", "team"], (known) => ({
      people: withInvited(known?.people, { ...invited, mail: mail.trim() }),
    }));
    notify(t("team.invited", { mail: mail.trim() }));
  }
  return (
    <Confirm
      title={t("team.invite")}
      verb={t("team.inviteVerb")}
      ready={mail.includes("@") && (!seated || named)}
      act={act}
      close={close}
    >
      <TextField label={t("team.mail")} type="email" value={mail} onChange={setMail} autoComplete="off" />
      {admin && (
        <SelectField
          label={t("team.kind")}
          value={kind}
          onChange={setKind}
          options={KINDS.map((value) => ({ value, label: t(`kind.${value as "agent"}`) }))}
        />
      )}
      {seated && (
        <>
          <TextField
            label={t("team.agent")}
            help={t("team.agentHelp")}
            wrong={agent && !NAME.test(agent) ? t("team.agentWrong") : ""}
            value={agent}
            onChange={setAgent}
            autoComplete="off"
            maxLength={32}
          />
          {admin && <TextField label={t("team.pool")} value={pool} onChange={setPool} maxLength={32} />}
          <NumberField
            label={t("team.capacity")}
            help={t("team.capacityHelp")}
            value={capacity}
            onChange={setCapacity}
            min={1}
            max={MOST}
          />
        </>
      )}
    </Confirm>
  );
}
