import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { callReserve, type FloorShop } from "../api/calls/floor";
import { why } from "../i18n";
import { Confirm } from "../shared/Confirm";
import { RadioField } from "../shared/Field";
import { notify } from "../shared/notices";
import { now } from "../shared/now";
import shared from "../shared/page.module.css";
import { useLookAgain } from "./floor";
import { At } from "./Since";

const HOURS = ["1", "2", "3"] as const;
const HOUR = 60 * 60 * 1_000;

/** Lets a shop's reserve pool take what is held back, for some hours; or ends that. */
export function Reserve({ shop, close }: { shop: FloorShop; close: () => void }) {
  const { t } = useTranslation("floor");
  const again = useLookAgain();
  const [hours, setHours] = useState<(typeof HOURS)[number]>("1");
  const [wrong, setWrong] = useState("");
  async function call(): Promise<void> {
    const until = new Date(now().getTime() + Number(hours) * HOUR);
    await callReserve(shop.tenant, until.toISOString());
    notify(t("reserve.called", { shop: shop.name }));
    await again();
  }
  async function off(): Promise<void> {
    try {
      await callReserve(shop.tenant, null);
      notify(t("reserve.calledOff", { shop: shop.name }));
      await again();
      close();
    } catch (error) {
      setWrong(why(error));
    }
  }
  return (
    <Confirm title={t("reserve.call", { shop: shop.name })} verb={t("reserve.verb")} act={call} close={close}>
      <p>{t("reserve.help")}</p>
      {shop.reserve_until && (
        <div className={shared.actions}>
          <span>
            {t("shops.reserveUntil")} <At of={shop.reserve_until} />
          </span>
          <Button variant="default" onClick={() => void off()}>
            {t("reserve.off")}
          </Button>
        </div>
      )}
      {wrong && (
        <p role="alert" className={shared.wrong}>
          {wrong}
        </p>
      )}
      <RadioField
        label={t("reserve.howLong")}
        value={hours}
        onChange={setHours}
        options={HOURS.map((value) => ({ value, label: t("reserve.hours", { count: Number(value) }) }))}
      />
    </Confirm>
  );
}
