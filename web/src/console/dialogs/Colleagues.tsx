import { Group, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readColleagues } from "../../api/calls";
import type { Colleague } from "../../api/types";
import { found } from "../../shared/search";
import { createKeptStore, useStore } from "../../shared/store";

/** To whom this agent handed contacts before, latest first. */
const remembered = createKeptStore<string[]>("duredesk.colleagues", []);

export function remember(agent: string): void {
  remembered.set((now) => [agent, ...now.filter((one) => one !== agent)].slice(0, 8));
}

/** Who is present, asked anew each time: those to whom this agent handed contacts before come first. */
export function useColleagues() {
  const known = useStore(remembered);
  const asked = useQuery({
    queryKey: ["colleagues"],
    queryFn: async () => (await readColleagues()).colleagues,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  return { ...asked, data: asked.data && ordered(asked.data, known) };
}

/** Those of `known` in its order, and then the others as they came. */
export function ordered(colleagues: Colleague[], known: string[]): Colleague[] {
  const first = known.flatMap((id) => colleagues.filter((one) => one.agent === id));
  return [...first, ...colleagues.filter((one) => !first.includes(one))];
}

/** A colleague by name and id, which often are the same. */
export function named({ agent, name }: Colleague): string {
  return name && name !== agent ? `${name} · ${agent}` : agent;
}

interface Props {
  /** Undefined while they are being asked for. */
  colleagues: Colleague[] | undefined;
  to: string;
  choose: (agent: string) => void;
  sought: string;
  seek: (text: string) => void;
}

export function ColleagueField({ colleagues, to, choose, sought, seek }: Props) {
  const { t } = useTranslation();
  const all = new Map((colleagues ?? []).map((one) => [one.agent, one]));
  function load(agent: string): string {
    const one = all.get(agent);
    if (!one) return "";
    const share = t("bar.load", { load: one.load, capacity: one.capacity });
    return one.free ? share : `${share} · ${t("transfer.full")}`;
  }
  return (
    <Select
      label={t("transfer.to")}
      description={t("transfer.toHelp")}
      data={[...all.values()].map((one) => ({ value: one.agent, label: named(one), disabled: !one.free }))}
      value={to || null}
      onChange={(agent) => choose(agent ?? "")}
      searchable
      searchValue={sought}
      onSearchChange={seek}
      filter={({ options, search }) => options.filter((one) => "label" in one && found(one.label, search))}
      renderOption={({ option }) => (
        <Group justify="space-between" flex={1}>
          <span>{option.label}</span>
          <Text size="sm" c="dimmed">
            {load(option.value)}
          </Text>
        </Group>
      )}
      nothingFoundMessage={t(colleagues ? "transfer.noMatch" : "app.loading")}
      required
      withAsterisk={false}
      allowDeselect={false}
      selectFirstOptionOnChange
      selectFirstOptionOnDropdownOpen
      // Esc closes the dialog at once, unless the list was opened.
      openOnFocus={false}
      withScrollArea={false}
      styles={{ dropdown: { maxHeight: 240, overflowY: "auto" } }}
      data-autofocus
    />
  );
}
