import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { announcePromotion, type Preview, type PromotionDraft, previewPromotion } from "../api/calls/shop";
import { query } from "../app/query";
import { useAttempt } from "../shared/attempt";
import { TextField } from "../shared/Field";
import { notify } from "../shared/notices";
import { now } from "../shared/now";
import page from "../shared/page.module.css";
import { Difference, Meaning } from "./Meaning";
import classes from "./shop.module.css";
import { atSeoul, dayFrom } from "./times";
import { useWho } from "./who";

const MULTIPLE = /^\d{1,3}(\.\d)?$/;

/** A promotion is looked at before it is announced: what it means and costs stands there first. */
export function NewPromotion() {
  const { t } = useTranslation("shop");
  const { tenant, owns } = useWho();
  const navigate = useNavigate();
  const [form, setForm] = useState(beginning);
  const [shown, setShown] = useState<{ preview: Preview; of: PromotionDraft; key: string } | null>(null);
  const { busy, wrong, attempt } = useAttempt();
  const put = (change: Partial<typeof form>) => {
    setForm((now) => ({ ...now, ...change }));
    setShown(null);
  };
  const ready = form.name.trim() !== "" && MULTIPLE.test(form.multiple) && form.from && form.till;

  function look(event: FormEvent): void {
    event.preventDefault();
    const of = draft(form);
    void attempt(async () => {
      setShown({ preview: await previewPromotion(tenant, of), of, key: crypto.randomUUID() });
    });
  }

  const announce = () =>
    attempt(async () => {
      if (!shown) return;
      const made = await announcePromotion(tenant, shown.of, shown.key);
      await query.invalidateQueries({ queryKey: [tenant, "promotions"] });
      notify(t("promotions.announced"));
      await navigate({ to: "/shop/promotions/$promotion", params: { promotion: made.id } });
    });

  return (
    <div className={page.page}>
      <div className={page.head}>
        <h1>{t("promotions.new")}</h1>
        <Link to="/shop/promotions">{t("promotions.back")}</Link>
      </div>
      <form className={`${page.panel} ${page.form}`} onSubmit={look}>
        <TextField
          label={t("promotions.name")}
          value={form.name}
          onChange={(name) => put({ name })}
          maxLength={100}
          placeholder={t("promotions.namePlaceholder")}
        />
        <div className={classes.two}>
          <TextField
            label={t("promotions.fromDay")}
            type="date"
            value={form.from}
            onChange={(from) => put({ from })}
          />
          <TextField
            label={t("promotions.fromTime")}
            type="time"
            value={form.fromTime}
            onChange={(fromTime) => put({ fromTime })}
          />
          <TextField
            label={t("promotions.tillDay")}
            type="date"
            value={form.till}
            onChange={(till) => put({ till })}
          />
          <TextField
            label={t("promotions.tillTime")}
            type="time"
            value={form.tillTime}
            onChange={(tillTime) => put({ tillTime })}
          />
        </div>
        <TextField
          label={t("promotions.multiple")}
          help={t("promotions.multipleHelp")}
          inputMode="decimal"
          value={form.multiple}
          onChange={(multiple) => put({ multiple: multiple.normalize("NFKC").trim() })}
          unit={t("promotions.times")}
          wrong={form.multiple && !MULTIPLE.test(form.multiple) ? t("promotions.multipleWrong") : undefined}
        />
        {wrong && (
          <p role="alert" className={page.wrong}>
            {wrong}
          </p>
        )}
        <div className={page.actions}>
          <Button type="submit" variant={shown ? "default" : "filled"} loading={busy && !shown} disabled={!ready}>
            {t("promotions.look")}
          </Button>
        </div>
      </form>
      {shown && (
        <>
          <Difference preview={shown.preview} />
          <Meaning of={shown.preview} />
          <div className={page.actions}>
            {owns ? (
              <Button size="md" loading={busy} onClick={() => void announce()}>
                {t("promotions.announce")}
              </Button>
            ) : (
              <p className={page.muted}>{t("promotions.ownerAnnounces")}</p>
            )}
          </div>
        </>
      )}
    </div>
  );
}

function beginning() {
  const today = now();
  return {
    name: "",
    from: dayFrom(today, 7),
    fromTime: "10:00",
    till: dayFrom(today, 8),
    tillTime: "00:00",
    multiple: "3",
  };
}

function draft(form: ReturnType<typeof beginning>): PromotionDraft {
  return {
    name: form.name.trim(),
    starts_at: atSeoul(form.from, form.fromTime),
    ends_at: atSeoul(form.till, form.tillTime),
    multiple: Number(form.multiple),
  };
}
