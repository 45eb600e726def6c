import { useState } from "react";
import { useTranslation } from "react-i18next";
import { certify } from "../api/calls/floor";
import { Confirm } from "../shared/Confirm";
import { type Option, RadioField } from "../shared/Field";
import { notify } from "../shared/notices";
import { useLookAgain } from "./floor";
import { ShopsField } from "./ShopsField";

interface CertifyProps {
  agent: string;
  name: string;
  /** The shops for which the agent answers now; null for all, undefined while that is not known. */
  known: string[] | null | undefined;
  /** The shops of the pool, as far as they are known here. */
  shops: Option<string>[];
  close: () => void;
}

/** Says for which shops an agent may answer; what is held is kept. */
export function Certify({ agent, name, known, shops, close }: CertifyProps) {
  const { t } = useTranslation("floor");
  const again = useLookAgain();
  const [which, setWhich] = useState<"all" | "some">(known ? "some" : "all");
  const [wanted, setWanted] = useState<string[]>(known ?? []);
  const others = (known ?? []).filter((one) => !shops.some((shop) => shop.value === one));
  const options = [...shops, ...others.map((value) => ({ value, label: value }))];
  async function act(): Promise<void> {
    await certify(agent, which === "all" ? null : wanted);
    notify(t("certify.done", { name }));
    await again();
  }
  return (
    <Confirm
      title={t("certify.of", { name })}
      verb={t("certify.save")}
      ready={which === "all" || wanted.length > 0}
      act={act}
      close={close}
    >
      <p>{t("certify.help")}</p>
      {known === undefined && <p>{t("certify.unknown")}</p>}
      <RadioField
        label={t("certify.which")}
        value={which}
        onChange={(one) => {
          setWhich(one);
          setWanted(known ?? []);
        }}
        options={[
          { value: "all", label: t("certify.all") },
          { value: "some", label: t("certify.some") },
        ]}
      />
      {which === "some" && (
        <ShopsField label={t("certify.shops")} options={options} begin={known ?? []} choose={setWanted} />
      )}
    </Confirm>
  );
}
