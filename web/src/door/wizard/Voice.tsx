import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked } from "../../shared/Empty";
import { AreaField, TextField } from "../../shared/Field";
import page from "../../shared/page.module.css";
import { StepForm } from "./StepForm";
import { type Held, saveSection, useSection } from "./sections";
import type { StepProps } from "./Wizard";
import classes from "./Wizard.module.css";

const LIMIT = 300;

export function Voice({ tenant, next }: StepProps) {
  const asked = useSection(tenant, "voice");
  return <Asked of={asked}>{(held) => <Form {...{ tenant, next, held }} />}</Asked>;
}

function Form({ tenant, next, held }: StepProps & { held: Held<"voice"> }) {
  const { t } = useTranslation("wizard");
  const [voice, setVoice] = useState(held.body);
  const put = (name: "agent_name" | "tone" | "greeting" | "signature") => (value: string) =>
    setVoice((now) => ({ ...now, [name]: value }));
  const texts = [voice.agent_name, voice.tone, voice.greeting, voice.signature];
  return (
    <StepForm
      title={t("voice.title")}
      lead={t("voice.lead")}
      chosen={held.version > 0}
      ready={texts.every((text) => text.trim())}
      save={() => saveSection(tenant, "voice", voice, held.version)}
      next={next}
    >
      <TextField
        label={t("voice.agent_name")}
        help={t("voice.agent_nameHelp")}
        maxLength={LIMIT}
        value={voice.agent_name}
        onChange={put("agent_name")}
      />
      <TextField
        label={t("voice.tone")}
        help={t("voice.toneHelp")}
        maxLength={LIMIT}
        value={voice.tone}
        onChange={put("tone")}
      />
      <AreaField
        label={t("voice.greeting")}
        rows={2}
        maxLength={LIMIT}
        value={voice.greeting}
        onChange={put("greeting")}
      />
      <AreaField
        label={t("voice.signature")}
        rows={2}
        maxLength={LIMIT}
        value={voice.signature}
        onChange={put("signature")}
      />
      <figure className={classes.preview}>
        <figcaption className={page.muted}>{t("voice.preview")}</figcaption>
        <p className={page.quote}>{[voice.greeting, t("voice.sample"), voice.signature].join("\n\n")}</p>
      </figure>
    </StepForm>
  );
}
