import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CheckField, TextField } from "../../shared/Field";
import page from "../../shared/page.module.css";
import type { FormProps } from "./Editor";
import { DAYS } from "./summary";

/** Each day's spans as they are written: 09:00-12:00, 13:00-18:00. */
export function Hours({ body, put }: FormProps<"hours">) {
  const { t } = useTranslation("shop");
  const { t: shared } = useTranslation("shared");
  const { hours, holidays } = body;
  return (
    <div className={page.form}>
      <p>{t("hours.help")}</p>
      {DAYS.map((day) => (
        <ListField
          key={day}
          label={shared(`week.${day}`)}
          value={hours[day] ?? []}
          onChange={(spans) => put({ hours: { ...hours, [day]: spans }, holidays })}
        />
      ))}
      <CheckField
        label={t("hours.shutOnHolidays")}
        checked={holidays.closed ?? true}
        onChange={(closed) => put({ hours, holidays: { ...holidays, closed } })}
      />
      <ListField
        label={t("hours.closedOn")}
        help={t("hours.closedOnHelp")}
        value={holidays.closed_on ?? []}
        onChange={(closed_on) => put({ hours, holidays: { ...holidays, closed_on } })}
      />
      <ListField
        label={t("hours.openOn")}
        help={t("hours.openOnHelp")}
        value={holidays.open_on ?? []}
        onChange={(open_on) => put({ hours, holidays: { ...holidays, open_on } })}
      />
    </div>
  );
}

function ListField(props: {
  label: string;
  help?: string;
  value: readonly string[];
  onChange: (some: string[]) => void;
}) {
  const [text, setText] = useState(props.value.join(", "));
  return (
    <TextField
      label={props.label}
      help={props.help}
      optional
      value={text}
      onChange={(typed) => {
        setText(typed);
        props.onChange(typed.split(/[\s,]+/).filter(Boolean));
      }}
    />
  );
}
