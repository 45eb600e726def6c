import { useTranslation } from "react-i18next";
import { Front } from "./Front";
import classes from "./Landing.module.css";
import { Prices } from "./Prices";

const COUNTED = ["first", "again"] as const;
const FREE = ["spam", "merged", "soon", "test"] as const;

export function PricesPage() {
  const { t } = useTranslation("landing");
  return (
    <Front>
      <div className={classes.inside}>
        <h1>{t("prices")}</h1>
        <p className={classes.lead}>{t("pricesLead")}</p>
        <Prices />
        <h2>{t("unit.title")}</h2>
        <div className={classes.two}>
          <section aria-label={t("unit.counted")}>
            <h3>{t("unit.counted")}</h3>
            <ul>
              {COUNTED.map((one) => (
                <li key={one}>{t(`unit.${one}`)}</li>
              ))}
            </ul>
          </section>
          <section aria-label={t("unit.free")}>
            <h3>{t("unit.free")}</h3>
            <ul>
              {FREE.map((one) => (
                <li key={one}>{t(`unit.${one}`)}</li>
              ))}
            </ul>
          </section>
        </div>
        <p className={classes.small}>{t("unit.note")}</p>
      </div>
    </Front>
  );
}
