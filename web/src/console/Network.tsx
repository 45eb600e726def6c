import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { online } from "../api/client";
import type { Desk } from "../api/types";
import { settings } from "../app/settings";
import { countdown } from "../shared/dates";
import { useStore } from "../shared/store";
import { leaseEnd, serverNow } from "./desk";
import classes from "./Network.module.css";

/**
 * That the network is gone, what becomes of what was written, and until when contacts are kept; and what customers
 * are told of the pool's incidents meanwhile.
 */
export function Network({ incidents }: { incidents: Desk["notices"] }) {
  const { language } = useStore(settings);
  const here = useStore(online);
  return (
    <div className={classes.all}>
      {!here && <Offline />}
      {incidents.map((one) => (
        <p key={one.id} className={classes.incident} role="status">
          {language === "ko" ? one.text : one.text_en}
        </p>
      ))}
    </div>
  );
}

function Offline() {
  const { t } = useTranslation();
  const left = useLeft(useStore(leaseEnd));
  return (
    <div className={classes.banner} role="alert">
      <strong>{t("network.offline")}</strong>
      <span>{t("network.offlineHelp")}</span>
      <span aria-live="off">
        {left > 0 ? t("network.offlineLease", { left: countdown(left) }) : t("network.offlineLapsed")}
      </span>
    </div>
  );
}

/** The milliseconds until a time of the server's clock, told anew each second; 0 for no time. */
export function useLeft(until: number): number {
  const [left, setLeft] = useState(() => until - serverNow());
  useEffect(() => {
    if (!until) return;
    const tick = () => setLeft(until - serverNow());
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return until ? left : 0;
}
