import { useTranslation } from "react-i18next";
import type { Channel, Intent } from "../api/types";

/** What things are called on every page that speaks of them. */
export function useNames() {
  const { t } = useTranslation("shared");
  const { t: say } = useTranslation();
  return {
    channel: (one: Channel) => say(`channel.${one}`),
    intent: (one: Intent) => t(`intent.${one}`),
    /** An item of the list of what is to be done before a shop goes live. */
    item: (one: string) => t(`checklist.${one as "goals"}`),
  };
}
