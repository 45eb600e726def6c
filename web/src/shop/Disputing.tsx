import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dispute, type UsageLine } from "../api/calls/shop";
import { query } from "../app/query";
import { Confirm } from "../shared/Confirm";
import { AreaField } from "../shared/Field";
import { Won } from "../shared/Money";
import { notify } from "../shared/notices";
import { useSaying, useWho } from "./who";

/** Object to a line of the bill; a person of the desk decides, and the answer stands beside the line. */
export function Disputing({ line, close }: { line: UsageLine; close: () => void }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const saying = useSaying();
  const [reason, setReason] = useState("");
  const [key] = useState(() => crypto.randomUUID());
  async function object(): Promise<void> {
    await dispute(tenant, { contact: line.contact, episode: line.episode, reason }, key);
    await query.invalidateQueries({ queryKey: [tenant, "usage"] });
    await query.invalidateQueries({ queryKey: [tenant, "disputes"] });
    notify(t("usage.objected"));
  }
  return (
    <Confirm
      title={t("usage.objectTitle")}
      verb={t("usage.objectVerb")}
      ready={reason.trim() !== ""}
      act={object}
      close={close}
    >
      <p>
        {saying(line.why)} · <Won of={line.won} change />
      </p>
      <p>{t("usage.objectHelp")}</p>
      <AreaField label={t("usage.objectReason")} value={reason} onChange={setReason} maxLength={1000} />
    </Confirm>
  );
}
