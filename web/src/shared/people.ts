import type { Person } from "../api/types";

/** A list with somebody who was invited a moment ago, of whom the server's lists may not know yet. */
export function withInvited(list: readonly Person[] = [], invited: Person): Person[] {
  return [...list.filter((one) => one.id !== invited.id), invited];
}
