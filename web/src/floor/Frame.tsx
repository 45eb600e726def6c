import { useTranslation } from "react-i18next";
import { type Place, Shell } from "../app/Shell";
import { Only, usePerson } from "../app/Signed";
import { useFloor } from "./floor";
import { Incidents } from "./Incidents";

/** The floor: a lead's own pool, an admin's every pool. */
export function Frame() {
  return (
    <Only kinds={["lead", "admin"]}>
      <Places />
    </Only>
  );
}

function Places() {
  const { t } = useTranslation("floor");
  const floor = useFloor();
  const person = usePerson();
  const hands = floor.data?.pools.flatMap((pool) => pool.hands).length ?? 0;
  const places: Place[] = [
    { to: "/floor", label: t("now.title"), icon: "home", count: hands },
    { to: "/floor/promotions", label: t("promotions.title"), icon: "calendar" },
    { to: "/floor/team", label: t("team.title"), icon: "people" },
    person?.kind === "admin"
      ? { to: "/floor/letters", label: t("letters.title"), icon: "mail" }
      : { to: "/console", label: t("console"), icon: "inbox" },
  ];
  return (
    <Shell title={t("title")} places={places} banner={<Incidents incidents={floor.data?.incidents ?? []} />} />
  );
}
