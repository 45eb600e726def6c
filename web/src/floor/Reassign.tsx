import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type FloorAgent, type Held, reassign } from "../api/calls/floor";
import { Confirm } from "../shared/Confirm";
import { RadioField } from "../shared/Field";
import { notify } from "../shared/notices";
import { useLookAgain } from "./floor";

interface ReassignProps {
  held: Held;
  shop: string;
  /** The agent who holds it now. */
  from: string;
  agents: FloorAgent[];
  close: () => void;
}

/** Hands a contact to somebody else who is present. */
export function Reassign({ held, shop, from, agents, close }: ReassignProps) {
  const { t } = useTranslation("floor");
  const again = useLookAgain();
  const [to, setTo] = useState("");
  const there = agents.filter((one) => one.state === "present" && one.agent !== from);
  async function act(): Promise<void> {
    await reassign(held, to);
    notify(t("reassign.done", { name: there.find((one) => one.agent === to)?.name ?? to }));
    await again();
  }
  return (
    <Confirm
      title={t("reassign.title", { contact: `${shop} #${held.contact.slice(-6)}` })}
      verb={t("reassign.verb")}
      ready={to !== ""}
      act={act}
      close={close}
    >
      {there.length === 0 ? (
        <p>{t("reassign.nobody")}</p>
      ) : (
        <RadioField
          label={t("reassign.to")}
          help={t("reassign.help")}
          value={to}
          onChange={setTo}
          wide
          options={there.map((one) => ({
            value: one.agent,
            label: one.name,
            help: t("reassign.room", { load: one.load, capacity: one.capacity }),
          }))}
        />
      )}
    </Confirm>
  );
}
