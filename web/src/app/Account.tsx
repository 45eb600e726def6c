import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { signOut } from "../api/session";
import { Icon } from "../shared/icons";
import { useStore } from "../shared/store";
import classes from "./Account.module.css";
import { query } from "./query";
import { usePerson } from "./Signed";
import { choose, settings } from "./settings";

const LANGUAGES = [
  ["ko", "한국어"],
  ["en", "English"],
] as const;
const SCHEMES = ["auto", "light", "dark"] as const;

/** Language and appearance for everybody, and the way out for who is signed in. */
export function Account() {
  const { t } = useTranslation();
  const person = usePerson();
  const { language, scheme } = useStore(settings);
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const shut = (event: Event) => {
      const outside = event instanceof KeyboardEvent ? event.key === "Escape" : !inside(box.current, event.target);
      if (!outside || !box.current?.open) return;
      box.current.open = false;
      if (event instanceof KeyboardEvent) box.current.querySelector("summary")?.focus();
    };
    addEventListener("pointerdown", shut);
    addEventListener("keydown", shut);
    return () => {
      removeEventListener("pointerdown", shut);
      removeEventListener("keydown", shut);
    };
  }, []);
  async function out(): Promise<void> {
    await signOut();
    query.clear();
  }
  return (
    <details ref={box} className={classes.account}>
      <summary aria-label={t("app.account")} title={t("app.account")}>
        <Icon name={person ? "person" : "globe"} size={20} />
      </summary>
      <div className={classes.box}>
        {person && <p className={classes.who}>{t(`kind.${person.kind as "owner"}`)}</p>}
        <fieldset>
          <legend>{t("settings.language")}</legend>
          {LANGUAGES.map(([value, label]) => (
            <button
              key={value}
              type="button"
              lang={value}
              aria-pressed={language === value}
              onClick={() => choose({ language: value })}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <fieldset>
          <legend>{t("settings.scheme")}</legend>
          {SCHEMES.map((value) => (
            <button
              key={value}
              type="button"
              aria-pressed={scheme === value}
              onClick={() => choose({ scheme: value })}
            >
              {t(`settings.${value}`)}
            </button>
          ))}
        </fieldset>
        {person && (
          <button type="button" className={classes.out} onClick={() => void out()}>
            <Icon name="out" size={16} /> {t("signIn.out")}
          </button>
        )}
      </div>
    </details>
  );
}

function inside(box: Element | null, target: EventTarget | null): boolean {
  return target instanceof Node && !!box?.contains(target);
}
