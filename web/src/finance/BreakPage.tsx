import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { approveBreak, type Break, type Cause, explainBreak, readMonthBreaks } from "../api/calls/finance";
import { useAttempt } from "../shared/attempt";
import { Asked, Empty } from "../shared/Empty";
import { AreaField, SelectField } from "../shared/Field";
import { announce } from "../shared/notices";
import shared from "../shared/page.module.css";
import { CAUSES } from "./causes";
import classes from "./finance.module.css";
import type { RegisterName } from "./registerColumns";
import { At, By, Difference, Item, Measured, useMyName } from "./Said";
import { searching } from "./search";

/** In which register what a rule compares is listed one by one. */
const EVIDENCE = {
  R0: "usage_ledger",
  R1: "usage_ledger",
  R2: "usage_ledger",
  R3: "invoice_lines",
  R4: "invoice_lines",
  R5: "invoice_lines",
  R6: "payment_register",
  R7: "payout_register",
  R8: "invoice_register",
  I5: "period_register",
} as const satisfies Record<Break["rule"], RegisterName>;

/** One break: what was compared, what people said of it, and what to do about it. */
export function BreakPage() {
  const { t } = useTranslation("finance");
  const { tenant, id } = useParams({ from: "/signed/finance/breaks/$tenant/$id" });
  // A break's id begins with the month whose close it blocks.
  const place = { tenant, month: id.slice(0, 7) };
  const breaks = useQuery({
    queryKey: ["finance", "breaks of", place],
    queryFn: () => readMonthBreaks(place),
  });
  return (
    <div className={shared.page}>
      <div>
        <Link to="/finance/months/$tenant/$month" params={place}>
          {t("month_.title", { ...place })}
        </Link>
        <h1>{t("break_.title")}</h1>
      </div>
      <Asked of={breaks}>
        {(found) => {
          const one = found.breaks.find((other) => other.id === id);
          if (!one) return <Empty title={t("break_.gone")} icon="check" />;
          return <Shown one={one} tenant={tenant} />;
        }}
      </Asked>
    </div>
  );
}

function Shown({ one, tenant }: { one: Break; tenant: string }) {
  const { t } = useTranslation("finance");
  return (
    <>
      <section className={shared.panel} aria-label={t("break_.what")}>
        <h2>
          {one.rule} {t(`rule.${one.rule}`)}
        </h2>
        <dl className={classes.figures}>
          <div>
            <dt>{t("break_.left", { of: t(`left.${one.rule}`) })}</dt>
            <dd>
              <Measured of={one.left} rule={one.rule} />
            </dd>
          </div>
          <div>
            <dt>{t("break_.right", { of: t(`right.${one.rule}`) })}</dt>
            <dd>
              <Measured of={one.right} rule={one.rule} />
            </dd>
          </div>
          <div>
            <dt>{t("column.difference")}</dt>
            <dd>
              <Difference of={one.difference} rule={one.rule} />
            </dd>
          </div>
        </dl>
        <dl className={`${classes.figures} ${classes.small}`}>
          <div>
            <dt>{t("column.item")}</dt>
            <dd>
              <Item of={one.item} />
            </dd>
          </div>
          <div>
            <dt>{t("column.cause")}</dt>
            <dd>{t(`cause.${one.cause}`)}</dd>
          </div>
          <div>
            <dt>{t("column.status")}</dt>
            <dd>{t(`status.${one.status}`)}</dd>
          </div>
          <div>
            <dt>{t("column.owner")}</dt>
            <dd>{t(`owner.${one.owner as "finance"}`)}</dd>
          </div>
          <div>
            <dt>{t("break_.first")}</dt>
            <dd>
              <At of={one.first_seen} />
            </dd>
          </div>
          <div>
            <dt>{t("break_.last")}</dt>
            <dd>
              <At of={one.last_seen} />
            </dd>
          </div>
        </dl>
        <Link
          to="/finance/registers"
          search={searching({ register: EVIDENCE[one.rule], tenant, month: one.month })}
        >
          {t("break_.evidence", { register: t(`register.${EVIDENCE[one.rule]}`) })}
        </Link>
      </section>
      {one.resolution && (
        <section className={shared.panel} aria-label={t("break_.said")}>
          <h2>{t("break_.said")}</h2>
          <p className={shared.quote}>{one.resolution}</p>
          <p className={shared.muted}>
            <By of={one.resolved_by} />
            {one.approver && (
              <>
                {" · "}
                {t("break_.approvedBy")} <By of={one.approver} />
              </>
            )}
          </p>
          {one.status === "answered" && <Approval one={one} tenant={tenant} />}
        </section>
      )}
      {(one.status === "open" || one.status === "answered") && <Explanation one={one} tenant={tenant} />}
    </>
  );
}

function Approval({ one, tenant }: { one: Break; tenant: string }) {
  const { t } = useTranslation("finance");
  const { busy, wrong, act } = useActing();
  if (one.resolved_by === useMyName()) return <p className={shared.muted}>{t("break_.another")}</p>;
  return (
    <div className={shared.actions}>
      <Button loading={busy} onClick={() => void act(() => approveBreak(tenant, one))}>
        {t("break_.approve")}
      </Button>
      {wrong && (
        <p role="alert" className={shared.wrong}>
          {wrong}
        </p>
      )}
    </div>
  );
}

function Explanation({ one, tenant }: { one: Break; tenant: string }) {
  const { t } = useTranslation("finance");
  const [cause, setCause] = useState<Cause>(one.cause);
  const [note, setNote] = useState(one.resolution);
  const { busy, wrong, act } = useActing();
  function submit(event: FormEvent): void {
    event.preventDefault();
    void act(() => explainBreak(tenant, one, { cause, note }));
  }
  return (
    <section className={shared.panel} aria-label={t("break_.explain")}>
      <h2>{t("break_.explain")}</h2>
      <p className={shared.muted}>{t("break_.explainHelp")}</p>
      <form className={shared.form} onSubmit={submit}>
        <SelectField
          label={t("column.cause")}
          value={cause}
          onChange={setCause}
          options={CAUSES.map((value) => ({ value, label: t(`cause.${value}`) }))}
        />
        <AreaField label={t("break_.note")} value={note} onChange={setNote} rows={3} maxLength={500} />
        {wrong && (
          <p role="alert" className={shared.wrong}>
            {wrong}
          </p>
        )}
        <div className={shared.actions}>
          <Button
            type="submit"
            variant={one.status === "answered" ? "default" : "filled"}
            loading={busy}
            disabled={note.trim() === ""}
          >
            {t("break_.save")}
          </Button>
        </div>
      </form>
    </section>
  );
}

/** Do something about a break, and look at it anew, done or refused; why it was refused is said beside it. */
function useActing() {
  const { t } = useTranslation("finance");
  const client = useQueryClient();
  const { busy, wrong, attempt } = useAttempt();
  const act = (what: () => Promise<unknown>) =>
    attempt(async () => {
      try {
        await what();
      } finally {
        await client.invalidateQueries({ queryKey: ["finance"] });
      }
      announce(t("saved"));
    });
  return { busy, wrong, act };
}
