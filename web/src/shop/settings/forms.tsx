import { useTranslation } from "react-i18next";
import { ChoicesField, NumberField, SelectField, TextField } from "../../shared/Field";
import { useNames } from "../../shared/names";
import page from "../../shared/page.module.css";
import { CHANNELS, INTENTS, TRADES } from "../names";
import type { FormProps } from "./Editor";

const LINE = 200;

export function Goals({ body, put }: FormProps<"goals">) {
  const { t } = useTranslation("shop");
  const fields = [
    ["first_reply_seconds", "first_reply", 86_400],
    ["wait_seconds", "wait", 86_400],
    ["resolved_percent", "resolved", 100],
    ["satisfied_percent", "satisfied", 100],
  ] as const;
  return (
    <div className={page.form}>
      {fields.map(([field, goal, max]) => (
        <NumberField
          key={field}
          label={t(`goal.${goal}`)}
          unit={max === 100 ? "%" : t("seconds")}
          min={max === 100 ? 0 : 1}
          max={max}
          required
          value={body[field]}
          onChange={(value) => value !== null && put({ ...body, [field]: value })}
        />
      ))}
    </div>
  );
}

export function Scope({ body, put }: FormProps<"scope">) {
  const { t } = useTranslation("shop");
  const named = useNames();
  const options = INTENTS.map((value) => ({ value, label: named.intent(value) }));
  return (
    <div className={page.form}>
      <ChoicesField
        label={t("scope.inHouse")}
        help={t("scope.inHouseHelp")}
        value={body.in_house}
        onChange={(some) => put({ in_house: some, bot: (body.bot ?? []).filter((one) => !some.includes(one)) })}
        options={options}
      />
      <ChoicesField
        label={t("scope.bot")}
        help={t("scope.botHelp")}
        value={body.bot ?? []}
        onChange={(some) => put({ in_house: body.in_house.filter((one) => !some.includes(one)), bot: some })}
        options={options}
      />
    </div>
  );
}

export function Voice({ body, put }: FormProps<"voice">) {
  const { t } = useTranslation("shop");
  const fields = [
    ["agent_name", "name"],
    ["tone", "tone"],
    ["greeting", "greeting"],
    ["signature", "signature"],
  ] as const;
  return (
    <div className={page.form}>
      {fields.map(([field, text]) => (
        <TextField
          key={field}
          label={t(`voice.${text}`)}
          required
          maxLength={LINE}
          value={body[field]}
          onChange={(value) => put({ ...body, [field]: value })}
        />
      ))}
    </div>
  );
}

export function Channels({ body, put }: FormProps<"channels">) {
  const { t } = useTranslation("shop");
  const named = useNames();
  return (
    <ChoicesField
      label={t("contacts.channel")}
      value={body.channels}
      onChange={(channels) => put({ channels })}
      options={CHANNELS.map((value) => ({ value, label: named.channel(value) }))}
    />
  );
}

export function Surge({ body, put }: FormProps<"surge">) {
  const { t } = useTranslation("shop");
  return (
    <div className={page.form}>
      <p>{t("surge.help")}</p>
      {(["message", "offer", "reserve", "staff"] as const).map((step) => (
        <NumberField
          key={step}
          label={t(`step.${step}`)}
          unit={t("seconds")}
          min={0}
          required
          value={body[step]}
          onChange={(value) => value !== null && put({ ...body, [step]: value })}
        />
      ))}
    </div>
  );
}

const LANGUAGES = [
  { value: "ko", label: "한국어" },
  { value: "en", label: "English" },
] as const;

export function About({ body, put }: FormProps<"about">) {
  const { t } = useTranslation("shop");
  const volume = (change: Partial<typeof body.volume>) => put({ ...body, volume: { ...body.volume, ...change } });
  return (
    <div className={page.form}>
      <TextField
        label={t("about.name")}
        required
        maxLength={LINE}
        value={body.name}
        onChange={(name) => put({ ...body, name })}
      />
      <TextField
        label={t("about.name_en")}
        required
        maxLength={LINE}
        value={body.name_en}
        onChange={(name_en) => put({ ...body, name_en })}
      />
      <SelectField
        label={t("about.kind")}
        value={body.kind}
        onChange={(kind) => put({ ...body, kind })}
        options={TRADES.map((value) => ({ value, label: t(`trade.${value}`) }))}
      />
      <SelectField
        label={t("about.language")}
        value={(body.language ?? "ko") as "ko" | "en"}
        onChange={(language) => put({ ...body, language })}
        options={LANGUAGES}
      />
      <TextField
        label={t("about.phone")}
        help={t("about.phoneHelp")}
        type="tel"
        optional
        maxLength={30}
        value={body.emergency_phone ?? ""}
        onChange={(emergency_phone) => put({ ...body, emergency_phone })}
      />
      <NumberField
        label={t("about.contacts")}
        min={0}
        max={100_000}
        value={body.volume.contacts_a_day ?? 0}
        onChange={(value) => value !== null && volume({ contacts_a_day: value })}
      />
      <NumberField
        label={t("about.promotions")}
        min={0}
        max={31}
        value={body.volume.promotions_a_month ?? 0}
        onChange={(value) => value !== null && volume({ promotions_a_month: value })}
      />
    </div>
  );
}
