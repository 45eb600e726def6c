import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { acceptDocuments, goLive, readSetup } from "../../api/calls/door";
import { readDocuments } from "../../api/calls/landing";
import { query } from "../../app/query";
import { settings } from "../../app/settings";
import { full } from "../../shared/dates";
import { Asked } from "../../shared/Empty";
import { Icon } from "../../shared/icons";
import { useNames } from "../../shared/names";
import page from "../../shared/page.module.css";
import { useStore } from "../../shared/store";
import { Wrong } from "../Card";
import { useSubmit } from "../submit";
import { Heading } from "./StepForm";
import { ITEMS, STEPS } from "./steps";
import type { StepProps } from "./Wizard";
import { setupKey } from "./Wizard";
import classes from "./Wizard.module.css";

export function GoLive({ tenant }: StepProps) {
  const { t } = useTranslation("wizard");
  const named = useNames();
  const { language } = useStore(settings);
  const asked = useQuery({ queryKey: setupKey(tenant), queryFn: () => readSetup(tenant), staleTime: 0 });
  const form = useSubmit(async () => {
    try {
      query.setQueryData(setupKey(tenant), await goLive(tenant));
    } finally {
      await query.invalidateQueries({ queryKey: setupKey(tenant) });
    }
  });
  return (
    <Asked of={asked}>
      {(setup) =>
        setup.stage === "live" ? (
          <>
            <Heading title={t("live.done")} lead={t("live.doneLead")} />
            <div className={classes.buttons}>
              <Button component={Link} to="/shop" size="md">
                {t("live.toShop")}
              </Button>
            </div>
          </>
        ) : (
          <>
            <Heading title={t("live.title")} lead={setup.may_go_live ? t("live.ready") : t("live.lead")} />
            <ul className={classes.checklist}>
              {setup.items.map((item) => {
                const step = STEPS.find((one) => ITEMS[one].includes(item.id));
                const name = named.item(item.id);
                return (
                  <li key={item.id} data-done={item.done || undefined}>
                    <span className={classes.mark} aria-hidden>
                      {item.done && <Icon name="check" size={14} />}
                    </span>
                    {step ? (
                      <Link to="/set-up/{-$step}" params={{ step }}>
                        {name}
                      </Link>
                    ) : (
                      <span>{name}</span>
                    )}
                    <span className={page.muted}>
                      {item.done
                        ? item.at
                          ? full(new Date(item.at), language)
                          : t("done")
                        : item.blocks
                          ? t("must")
                          : t("may")}
                    </span>
                  </li>
                );
              })}
            </ul>
            {setup.items.some((item) => item.id === "terms" && !item.done) && <NewTerms tenant={tenant} />}
            <Wrong text={form.wrong} />
            <div className={classes.buttons}>
              <Button size="lg" disabled={!setup.may_go_live} loading={form.busy} onClick={() => form.run()}>
                {t("live.go")}
              </Button>
            </div>
            <p className={page.muted}>{t("live.note")}</p>
          </>
        )
      }
    </Asked>
  );
}

/** Newer terms than those that were accepted. */
function NewTerms({ tenant }: { tenant: string }) {
  const { t } = useTranslation("wizard");
  const named = useNames();
  const accept = useSubmit(async () => {
    await acceptDocuments(tenant, await readDocuments());
    await query.invalidateQueries({ queryKey: setupKey(tenant) });
  });
  return (
    <section className={page.panel} aria-label={named.item("terms")}>
      <p>
        {t("live.newTerms")} <Link to="/terms">{t("live.readTerms")}</Link>
      </p>
      <Wrong text={accept.wrong} />
      <div className={page.actions}>
        <Button variant="default" loading={accept.busy} onClick={() => accept.run()}>
          {t("live.accept")}
        </Button>
      </div>
    </section>
  );
}
