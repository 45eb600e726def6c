import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readDocuments } from "../api/calls/landing";
import { Asked } from "../shared/Empty";
import { Documents } from "./Documents";
import { Front } from "./Front";
import classes from "./Landing.module.css";

export function TermsPage() {
  const { t } = useTranslation("landing");
  const asked = useQuery({ queryKey: ["terms"], queryFn: readDocuments });
  return (
    <Front>
      <div className={classes.inside}>
        <h1>{t("terms")}</h1>
        <p className={classes.lead}>{t("termsLead")}</p>
        <Asked of={asked}>{(found) => <Documents found={found} />}</Asked>
      </div>
    </Front>
  );
}
