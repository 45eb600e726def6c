import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readBreaks, readCorrections, readDisputes } from "../api/calls/finance";
import { Shell } from "../app/Shell";
import { Only } from "../app/Signed";

/** The finance desk: its places, with how much waits at each. */
export function Frame() {
  return (
    <Only kinds={["finance"]}>
      <Places />
    </Only>
  );
}

function Places() {
  const { t } = useTranslation("finance");
  const breaks = useQuery({ queryKey: ["finance", "breaks", {}], queryFn: () => readBreaks({}) });
  const disputes = useQuery({ queryKey: ["finance", "disputes"], queryFn: readDisputes });
  const corrections = useQuery({ queryKey: ["finance", "corrections"], queryFn: readCorrections });
  return (
    <Shell
      title={t("title")}
      places={[
        { to: "/finance", label: t("months.title"), icon: "calendar" },
        { to: "/finance/breaks", label: t("breaks.title"), icon: "warn", count: breaks.data?.total ?? 0 },
        { to: "/finance/registers", label: t("registers.title"), icon: "book" },
        { to: "/finance/aging", label: t("aging.title"), icon: "clock" },
        { to: "/finance/journal", label: t("journal.title"), icon: "lines" },
        {
          to: "/finance/disputes",
          label: t("disputes.title"),
          icon: "hand",
          count: disputes.data?.disputes.length ?? 0,
        },
        {
          to: "/finance/corrections",
          label: t("corrections.title"),
          icon: "receipt",
          count: corrections.data?.corrections.length ?? 0,
        },
      ]}
    />
  );
}
