import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { readSetup } from "../../api/calls/door";
import type { Setup } from "../../api/types";
import { Account } from "../../app/Account";
import { query } from "../../app/query";
import { Only, usePerson } from "../../app/Signed";
import { Asked } from "../../shared/Empty";
import { Icon } from "../../shared/icons";
import page from "../../shared/page.module.css";
import { Answers } from "./Answers";
import { Channels } from "./Channels";
import { Goals } from "./Goals";
import { GoLive } from "./GoLive";
import { Hours } from "./Hours";
import { Past } from "./Past";
import { PlanStep } from "./Plan";
import { Rehearse } from "./Rehearse";
import { Scope } from "./Scope";
import { ITEMS, isDone, nextOf, STEPS, type Step } from "./steps";
import { Team } from "./Team";
import { Voice } from "./Voice";
import classes from "./Wizard.module.css";

export interface StepProps {
  tenant: string;
  /** Saved, or put off: on to the next step. */
  next: () => void;
}

const PAGES: Record<Step, (props: StepProps) => React.ReactNode> = {
  past: Past,
  goals: Goals,
  scope: Scope,
  hours: Hours,
  voice: Voice,
  answers: Answers,
  channels: Channels,
  team: Team,
  plan: PlanStep,
  rehearsal: Rehearse,
  live: GoLive,
};

/** Setting a shop up: one step at a time, each saved by itself; it opens at the one that is next. */
export function Wizard() {
  const person = usePerson();
  return <Only kinds={["owner"]}>{person?.tenant && <Steps tenant={person.tenant} />}</Only>;
}

export const setupKey = (tenant: string) => ["setup", tenant];

function Steps({ tenant }: { tenant: string }) {
  const { t } = useTranslation("wizard");
  const { t: say } = useTranslation();
  const asked = useQuery({ queryKey: setupKey(tenant), queryFn: () => readSetup(tenant), staleTime: 0 });
  return (
    <div className={classes.wizard}>
      <header className={classes.top}>
        <Link to="/shop" className={classes.name}>
          {say("app.name")}
        </Link>
        <span className={classes.title}>{t("title")}</span>
        <Account />
      </header>
      <div className={classes.body}>
        <Asked of={asked}>{(setup) => <Opened tenant={tenant} setup={setup} />}</Asked>
      </div>
    </div>
  );
}

function Opened({ tenant, setup }: { tenant: string; setup: Setup }) {
  const { t } = useTranslation("wizard");
  const navigate = useNavigate();
  const params = useParams({ strict: false });
  const asked = STEPS.find((step) => step === params.step);
  const step = asked ?? nextOf(setup);
  const main = useRef<HTMLElement>(null);
  const steps = useRef<HTMLElement>(null);
  const place = STEPS.indexOf(step);
  // The address says where one is, so that a reload comes back to it.
  useEffect(() => {
    if (!asked) void navigate({ to: "/set-up/{-$step}", params: { step }, replace: true });
  }, [asked, step, navigate]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is read from its heading on
  useEffect(() => {
    scrollTo(0, 0);
    steps.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
    main.current?.focus({ preventScroll: true });
  }, [step]);
  const next = () => {
    void query.invalidateQueries({ queryKey: setupKey(tenant) });
    void navigate({ to: "/set-up/{-$step}", params: { step: STEPS[place + 1] ?? "live" } });
  };
  const Page = PAGES[step];
  const done = STEPS.filter((one) => isDone(setup, one)).length;
  return (
    <>
      <nav ref={steps} className={classes.steps} aria-label={t("steps")}>
        <p className={classes.count}>{t("count", { done, all: STEPS.length })}</p>
        <ol>
          {STEPS.map((one) => (
            <li key={one}>
              <Link
                to="/set-up/{-$step}"
                params={{ step: one }}
                aria-current={one === step ? "step" : undefined}
                data-done={isDone(setup, one) || undefined}
              >
                <span className={classes.mark} aria-hidden>
                  {isDone(setup, one) && <Icon name="check" size={14} />}
                </span>
                <span>
                  {t(`step.${one}`)}
                  {isDone(setup, one) ? (
                    <span className="spoken"> · {t("done")}</span>
                  ) : (
                    ITEMS[one].some((id) => setup.items.some((item) => item.id === id && item.blocks)) && (
                      <span className={classes.must}>{t("must")}</span>
                    )
                  )}
                </span>
              </Link>
            </li>
          ))}
        </ol>
      </nav>
      <main ref={main} tabIndex={-1} className={classes.main} aria-label={t(`step.${step}`)}>
        <p className={classes.place}>{t("place", { place: place + 1, all: STEPS.length })}</p>
        <div className={page.page}>
          <Page key={step} tenant={tenant} next={next} />
        </div>
        {place > 0 && (
          <p className={classes.back}>
            <Link to="/set-up/{-$step}" params={{ step: STEPS[place - 1] ?? "past" }}>
              {t("back")}
            </Link>
          </p>
        )}
      </main>
    </>
  );
}
