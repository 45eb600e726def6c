import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChoicesField, type Option, TextField } from "../shared/Field";

interface ShopsFieldProps {
  label: string;
  help?: string;
  /** The shops that are known here: those with contacts. */
  options: Option<string>[];
  /** Which are chosen at first. */
  begin?: string[];
  choose: (tenants: string[]) => void;
}

/** Some shops: chosen from those that are known here, and others by their ids. */
export function ShopsField({ label, help, options, begin = [], choose }: ShopsFieldProps) {
  const { t } = useTranslation("floor");
  const [chosen, setChosen] = useState(begin);
  const [other, setOther] = useState("");
  function told(some: string[], typed: string): void {
    setChosen(some);
    setOther(typed);
    choose([...new Set([...some, ...typed.split(/[\s,]+/).filter((one) => one !== "")])]);
  }
  return (
    <>
      {options.length > 0 && (
        <ChoicesField
          label={label}
          {...(help && { help })}
          value={chosen}
          onChange={(some) => told(some, other)}
          options={options}
        />
      )}
      <TextField
        label={t("certify.other")}
        help={t("certify.otherHelp")}
        optional
        value={other}
        onChange={(typed) => told(chosen, typed)}
      />
    </>
  );
}
