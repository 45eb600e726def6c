import { type QueryKey, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { answered } from "../api/client";
import { query } from "../app/query";

type Asked<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

const tags = new Map<string, string>();

/**
 * What `ask` answers, asked again every so many milliseconds while the page is in front. `ask` sends the headers that
 * it is given: as long as nothing has changed, the answer is 304 and costs its tag alone.
 */
export function usePoll<T>(
  key: QueryKey,
  ask: (headers: Record<string, string>) => Asked<T>,
  every: number,
): UseQueryResult<T> {
  return useQuery({
    queryKey: key,
    queryFn: async () => {
      const known = query.getQueryData<T>(key);
      const name = JSON.stringify(key);
      const tag = known === undefined ? undefined : tags.get(name);
      const asked = await ask(tag ? { "If-None-Match": tag } : {});
      if (asked.response.status === 304 && known !== undefined) return known;
      const body = answered(asked);
      tags.set(name, asked.response.headers.get("ETag") ?? "");
      return body;
    },
    refetchInterval: every,
    refetchOnWindowFocus: true,
    structuralSharing: true,
    staleTime: 0,
  });
}
