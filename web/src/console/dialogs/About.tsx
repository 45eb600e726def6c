import { Alert, Kbd, SegmentedControl, Skeleton, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readFigures, readPast } from "../../api/calls";
import type { BreakKind, Ref } from "../../api/types";
import { choose, settings } from "../../app/settings";
import { why } from "../../i18n";
import { duration } from "../../shared/dates";
import { COMMANDS, type Command, label } from "../../shared/keys";
import { useStore } from "../../shared/store";
import { Lines } from "../Talk";
import classes from "./dialogs.module.css";

/** What the agent has done today; nobody else is shown it here. */
export function FiguresBody() {
  const { t } = useTranslation();
  const { language } = useStore(settings);
  const { data, error } = useQuery({ queryKey: ["figures"], queryFn: readFigures, staleTime: 0 });
  if (error) return <p role="alert">{why(error)}</p>;
  if (!data) return <Skeleton h={150} />;
  const each = data.finished ? duration(data.handling_seconds / data.finished, language) : t("figures.none");
  const breaks = Object.entries(data.break_seconds) as [BreakKind, number][];
  return (
    <>
      <p className={classes.quiet}>{t("figures.of", { date: data.date })}</p>
      <dl className={classes.figures}>
        <Figure name={t("figures.finished")} value={t("figures.count", { count: data.finished })} />
        <Figure name={t("figures.handling")} value={each} />
        <Figure
          name={t("figures.satisfied")}
          value={data.satisfied_percent === undefined ? t("figures.none") : `${data.satisfied_percent}%`}
        />
        <Figure name={t("figures.ratings")} value={t("figures.count", { count: data.ratings })} />
        <Figure
          name={t("figures.breaks")}
          value={
            breaks
              .map(([kind, seconds]) => `${t(`presence.${kind}`)} ${duration(seconds, language)}`)
              .join(" · ") || t("figures.none")
          }
        />
      </dl>
      <p className={classes.quiet}>{t("figures.own")}</p>
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const WRITING = [
  ["Ctrl+Enter", "send"],
  ["Ctrl+Shift+Enter", "sendResolveNext"],
  ["/", "answers"],
  ["Tab", "slot"],
  ["Esc", "leaveField"],
] as const;
const EVERYWHERE = [
  ["Ctrl+K", "palette"],
  ["F6", "regions"],
] as const;

export function HelpBody() {
  const { t } = useTranslation();
  const letters = useStore(settings).letters;
  return (
    <Stack>
      {!letters && <Alert>{t("help.off")}</Alert>}
      <Keys
        title={t("help.anywhere")}
        keys={(Object.keys(COMMANDS) as Command[]).map((one) => [label(one), t(`act.${one}`)])}
      />
      <Keys title={t("help.writing")} keys={WRITING.map(([key, name]) => [key, t(`act.${name}`)])} />
      <Keys title={t("help.everywhere")} keys={EVERYWHERE.map(([key, name]) => [key, t(`act.${name}`)])} />
    </Stack>
  );
}

function Keys({ title, keys }: { title: string; keys: [string, string][] }) {
  return (
    <section>
      <h3 className={classes.heading}>{title}</h3>
      <dl className={classes.keys}>
        {keys.map(([key, name]) => (
          <div key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function SettingsBody() {
  const { t } = useTranslation();
  const chosen = useStore(settings);
  return (
    <Stack gap="lg">
      <div>
        <h3 className={classes.heading}>{t("settings.language")}</h3>
        <SegmentedControl
          fullWidth
          aria-label={t("settings.language")}
          value={chosen.language}
          onChange={(to) => choose({ language: to as "ko" | "en" })}
          data={[
            { value: "ko", label: "한국어" },
            { value: "en", label: "English" },
          ]}
        />
      </div>
      <div>
        <h3 className={classes.heading}>{t("settings.scheme")}</h3>
        <SegmentedControl
          fullWidth
          aria-label={t("settings.scheme")}
          value={chosen.scheme}
          onChange={(to) => choose({ scheme: to as "auto" | "light" | "dark" })}
          data={(["auto", "light", "dark"] as const).map((value) => ({ value, label: t(`settings.${value}`) }))}
        />
      </div>
      <Switch
        label={t("settings.letters")}
        description={t("settings.lettersHelp")}
        checked={chosen.letters}
        onChange={(event) => choose({ letters: event.currentTarget.checked })}
      />
      <Switch
        label={t("settings.enterSends")}
        description={t("settings.enterSendsHelp")}
        checked={chosen.enterSends}
        onChange={(event) => choose({ enterSends: event.currentTarget.checked })}
      />
      <Switch
        label={t("settings.announce")}
        description={t("settings.announceHelp")}
        checked={chosen.announceQueue}
        onChange={(event) => choose({ announceQueue: event.currentTarget.checked })}
      />
    </Stack>
  );
}

/** An earlier contact of the same customer with the same shop, to be read. */
export function PastBody({ contact, other }: { contact: Ref; other: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ["past", contact, other],
    queryFn: () => readPast(contact, other),
  });
  if (error) return <p role="alert">{why(error)}</p>;
  if (!data) return <Skeleton h={200} />;
  return (
    <div className={classes.past}>
      <Lines story={data} going={[]} name={t("panel.readPast")} mine={false} />
    </div>
  );
}
