import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addAnswer, readAnswers } from "../../api/calls/door";
import { Asked } from "../../shared/Empty";
import { AreaField } from "../../shared/Field";
import page from "../../shared/page.module.css";
import { StepForm } from "./StepForm";
import type { StepProps } from "./Wizard";
import classes from "./Wizard.module.css";

/** What every shop is asked, with an answer to begin from; customers write Korean. */
const BEGIN = [
  {
    intent: "delivery",
    shortcut: "배송",
    title: "배송 안내",
    text: "주문하신 상품은 결제한 날부터 영업일 1~3일 안에 보내 드려요. 출고되면 송장 번호를 문자로 알려 드릴게요.",
  },
  {
    intent: "return",
    shortcut: "반품",
    title: "반품 안내",
    text: "상품을 받은 날부터 7일 안에 반품을 신청하실 수 있어요. 신청해 주시면 택배 기사님이 찾으러 가고, 상품을 확인한 뒤 3영업일 안에 환불해 드려요.",
  },
  {
    intent: "exchange",
    shortcut: "교환",
    title: "교환 안내",
    text: "상품을 받은 날부터 7일 안에 교환하실 수 있어요. 바꾸려는 색상과 사이즈를 알려 주시면 재고를 확인해 드릴게요.",
  },
];

export function Answers({ tenant, next }: StepProps) {
  const asked = useQuery({
    queryKey: ["answers-set-up", tenant],
    queryFn: () => readAnswers(tenant),
    staleTime: 0,
  });
  return <Asked of={asked}>{(there) => <Form {...{ tenant, next }} there={there} />}</Asked>;
}

function Form({ tenant, next, there }: StepProps & { there: Awaited<ReturnType<typeof readAnswers>> }) {
  const { t } = useTranslation("wizard");
  const kept = there.filter((one) => !one.retired);
  const proposed = BEGIN.filter((one) => !kept.some((other) => other.shortcut === one.shortcut));
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [keys] = useState(() => Object.fromEntries(BEGIN.map((one) => [one.shortcut, crypto.randomUUID()])));
  async function save(): Promise<void> {
    for (const one of proposed) {
      const text = (texts[one.shortcut] ?? one.text).trim();
      if (text) await addAnswer(tenant, { ...one, text }, keys[one.shortcut] ?? "");
    }
  }
  return (
    <StepForm
      title={t("answers.title")}
      lead={t("answers.lead")}
      chosen={Object.keys(texts).length > 0 || proposed.length === 0}
      save={save}
      next={next}
    >
      {kept.length > 0 && (
        <ul className={classes.kept} aria-label={t("answers.kept")}>
          {kept.map((one) => (
            <li key={one.id}>
              <strong>{one.title}</strong>
              <span className={page.muted}>/{one.shortcut}</span>
              <p>{one.text}</p>
            </li>
          ))}
        </ul>
      )}
      {proposed.map((one) => (
        <AreaField
          key={one.shortcut}
          label={t(`answers.${one.intent as "delivery" | "return" | "exchange"}`)}
          help={t("answers.shortcut", { shortcut: one.shortcut })}
          rows={3}
          maxLength={2_000}
          value={texts[one.shortcut] ?? one.text}
          onChange={(text) => setTexts((now) => ({ ...now, [one.shortcut]: text }))}
        />
      ))}
      <p className={page.muted}>{t("answers.more")}</p>
    </StepForm>
  );
}
