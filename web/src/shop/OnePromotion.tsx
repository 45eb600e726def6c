import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cancelPromotion, type Promotion, readPromotion } from "../api/calls/shop";
import { query } from "../app/query";
import { Confirm } from "../shared/Confirm";
import { Asked } from "../shared/Empty";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import { Meaning } from "./Meaning";
import { TONES } from "./Promotions";
import classes from "./shop.module.css";
import { useWho, When } from "./who";

export function OnePromotion() {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const { promotion = "" } = useParams({ strict: false });
  const asked = useQuery({
    queryKey: [tenant, "promotions", promotion],
    queryFn: () => readPromotion(tenant, promotion),
  });
  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{asked.data?.name ?? t("place.promotions")}</h1>
        <Link to="/shop/promotions">{t("promotions.back")}</Link>
      </div>
      <Asked of={asked}>{(found) => <One promotion={found} />}</Asked>
    </div>
  );
}

function One({ promotion }: { promotion: Promotion }) {
  const { t } = useTranslation("shop");
  const { tenant, owns } = useWho();
  const [asks, setAsks] = useState(false);
  const ahead = promotion.status === "announced" || promotion.status === "running";
  async function cancel(): Promise<void> {
    await cancelPromotion(tenant, promotion.id);
    await query.invalidateQueries({ queryKey: [tenant, "promotions"] });
    notify(t("promotions.cancelled"));
  }
  return (
    <>
      <section className={page.panel} aria-label={t("promotions.about")}>
        <p className={page.actions}>
          <span className={classes.tag} data-tone={TONES[promotion.status]}>
            {t(`promotionStatus.${promotion.status}`)}
          </span>
          <span>
            <When at={promotion.starts_at} /> – <When at={promotion.ends_at} />
          </span>
          <span>{t("promotions.timesOf", { multiple: promotion.multiple })}</span>
        </p>
        <dl className={classes.rows}>
          <div>
            <dt>{t("promotions.contract")}</dt>
            <dd>
              {t("promotions.perHour", { count: promotion.contract.rate_per_hour })} ·{" "}
              {t("promotions.burstOf", { count: promotion.contract.burst })}
            </dd>
          </div>
          <div>
            <dt>{t("promotions.announcedAt")}</dt>
            <dd>
              <When at={promotion.announced_at} />
            </dd>
          </div>
          {promotion.cancelled_at && (
            <div>
              <dt>{t("promotions.cancelledAt")}</dt>
              <dd>
                <When at={promotion.cancelled_at} />
              </dd>
            </div>
          )}
        </dl>
        {owns && ahead && (
          <div className={page.actions}>
            <Button variant="default" onClick={() => setAsks(true)}>
              {t("promotions.cancel")}
            </Button>
          </div>
        )}
      </section>
      <Meaning of={promotion} />
      {asks && (
        <Confirm
          danger
          title={t("promotions.cancelTitle")}
          verb={t("promotions.cancel")}
          act={cancel}
          close={() => setAsks(false)}
        >
          <p>{t("promotions.cancelHelp")}</p>
        </Confirm>
      )}
    </>
  );
}
