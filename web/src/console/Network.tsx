import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { online } from "../api/client";
import { countdown } from "../shared/dates";
import { useStore } from "../shared/store";
import { leaseEnd, serverNow } from "./desk";
import classes from "./Network.module.css";

/** That the network is gone, what becomes of what was written, and until when contacts are kept. */
export function Network() {
  const { t } = useTranslation();
  const here = useStore(online);
  const end = useStore(leaseEnd);
  const left = useLeft(here ? 0 : end);
  if (here) return <div className={classes.none} />;
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
