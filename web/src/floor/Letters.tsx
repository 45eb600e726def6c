import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readLetter, readLetters } from "../api/calls/floor";
import { Asked } from "../shared/Empty";
import { RadioField, SelectField } from "../shared/Field";
import shared from "../shared/page.module.css";
import { useUrl } from "../shared/url";
import classes from "./floor.module.css";

const LANGUAGES = ["ko", "en"] as const;

/** Every mail that people get from us, filled with samples. */
export function Letters() {
  const { t } = useTranslation("floor");
  const [url, change] = useUrl();
  const letters = useQuery({ queryKey: ["floor", "letters"], queryFn: readLetters });
  const language = url.language === "en" ? "en" : "ko";
  return (
    <div className={shared.page}>
      <h1>{t("letters.title")}</h1>
      <p className={shared.lead}>{t("letters.lead")}</p>
      <Asked of={letters}>
        {(found) => {
          const name = found.letters.find((one) => one === url.letter) ?? found.letters[0] ?? "";
          return (
            <div className={classes.split}>
              <div className={shared.form}>
                <SelectField
                  label={t("letters.which")}
                  value={name}
                  onChange={(letter) => change({ letter })}
                  options={found.letters.map((value) => ({
                    value,
                    label: t(`letter.${value as "welcome"}`, { defaultValue: value }),
                  }))}
                />
                <RadioField
                  label={t("letters.language")}
                  value={language}
                  onChange={(one) => change({ language: one })}
                  options={LANGUAGES.map((value) => ({ value, label: t(`letters.${value}`) }))}
                />
              </div>
              {name && <Preview name={name} language={language} />}
            </div>
          );
        }}
      </Asked>
    </div>
  );
}

function Preview({ name, language }: { name: string; language: string }) {
  const letter = useQuery({
    queryKey: ["floor", "letter", name, language],
    queryFn: () => readLetter(name, language),
  });
  return (
    <Asked of={letter}>
      {(found) => (
        <article className={shared.panel} lang={language}>
          <h2>{found.subject}</h2>
          <p className={shared.quote}>{found.text}</p>
        </article>
      )}
    </Asked>
  );
}
