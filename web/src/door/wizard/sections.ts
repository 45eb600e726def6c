import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import {
  type Chosen,
  choose,
  readChoices,
  readDiagnoses,
  readDiagnosis,
  type Section,
} from "../../api/calls/door";
import type { Report } from "../../api/types";
import { query } from "../../app/query";

export interface Held<S extends Section> {
  version: number;
  body: Chosen<S>;
}

const keyOf = (tenant: string) => ["choices", tenant];

/** What holds in a section, and its version, which is 0 before anybody chose. */
export function useSection<S extends Section>(tenant: string, section: S): UseQueryResult<Held<S>> {
  return useQuery({
    queryKey: keyOf(tenant),
    queryFn: () => readChoices(tenant),
    staleTime: 0,
    // A form begins with what holds, never with what held when it was last open.
    gcTime: 0,
    select: (sections) => {
      const found = sections.find((one) => one.section === section);
      if (!found) throw new Error(`no section ${section}`);
      return { version: found.version, body: found.body as unknown as Chosen<S> };
    },
  });
}

/** What was chosen shows on every page: the portal's too. */
export async function chosenAnew(tenant: string): Promise<void> {
  await Promise.all(
    [
      keyOf(tenant),
      ["plan-set-up", tenant],
      ...["choices", "versions", "plan", "bill"].map((what) => [tenant, what]),
    ].map((queryKey) => query.invalidateQueries({ queryKey })),
  );
}

export async function saveSection<S extends Section>(
  tenant: string,
  section: S,
  body: Chosen<S>,
  version: number,
): Promise<void> {
  try {
    await choose(tenant, section, body, version);
  } finally {
    await chosenAnew(tenant);
  }
}

/** What the newest diagnosis of past contacts says; null for none. */
export function useReport(tenant: string): UseQueryResult<Report | null> {
  return useQuery({
    queryKey: ["report", tenant],
    queryFn: async () => {
      const newest = (await readDiagnoses(tenant)).find((one) => one.state === "done");
      return newest ? ((await readDiagnosis(tenant, newest.id)).report ?? null) : null;
    },
  });
}
