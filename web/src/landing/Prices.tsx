import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readOffers } from "../api/calls/landing";
import type { Plan } from "../api/types";
import { settings } from "../app/settings";
import { month } from "../shared/dates";
import { Asked } from "../shared/Empty";
import { grouped, Won } from "../shared/Money";
import { useStore } from "../shared/store";
import classes from "./Landing.module.css";

/** The plans that may be chosen from this month on, and with all of them those of the next one. */
export function Prices({ brief = false }: { brief?: boolean }) {
  const { t } = useTranslation("landing");
  const { language } = useStore(settings);
  const asked = useQuery({ queryKey: ["plans"], queryFn: readOffers });
  return (
    <Asked of={asked}>
      {({ offers }) => (
        <>
          {offers.slice(0, brief ? 1 : 2).map((offer) => (
            <div key={offer.month} className={classes.offer}>
              {!brief && <h2>{t("price.since", { month: month(offer.month, language) })}</h2>}
              <div className={classes.plans}>
                {offer.plans.map((plan) => (
                  <PlanCard key={plan.version} plan={plan} />
                ))}
              </div>
            </div>
          ))}
        </>
      )}
    </Asked>
  );
}

export function PlanCard({ plan }: { plan: Plan }) {
  const { t } = useTranslation("landing");
  const { language } = useStore(settings);
  return (
    <section className={classes.plan} aria-label={plan.name[language]}>
      <h3>{plan.name[language]}</h3>
      <p className={classes.base}>
        {plan.base_won ? (
          <>
            {t("price.base")} <Won of={plan.base_won} />
          </>
        ) : (
          t("price.noBase")
        )}
      </p>
      {plan.rates
        .filter((rate) => rate.meter === "human")
        .map((rate) => (
          <dl key={rate.meter}>
            {rate.tiers.map((tier, place) => (
              <div key={tier.up_to ?? "rest"}>
                <dt>
                  {tier.up_to
                    ? t("price.upTo", { count: grouped(tier.up_to) })
                    : place
                      ? t("price.beyond")
                      : t("price.each")}
                </dt>
                <dd>
                  <Won of={tier.won} />
                </dd>
              </div>
            ))}
          </dl>
        ))}
      {plan.minimum_won > 0 && (
        <p className={classes.small}>
          {t("price.minimum")} <Won of={plan.minimum_won} />
        </p>
      )}
    </section>
  );
}
