/** What this browser knows of shops: a list names them before their contacts are read again. */
import type { Story } from "../api/types";
import { createKeptStore, useStore } from "../shared/store";

interface Known {
  name: string;
  colour: string;
}

const shops = createKeptStore<Record<string, Known>>("duredesk.shops", {});

/** Take note of the shop of a story, and return the story. */
export function met(story: Story): Story {
  const { contact, shop } = story;
  if (!shop) return story;
  const known = { name: shop.name, colour: shop.handbook.colour ?? "" };
  const before = shops.get()[contact.tenant];
  if (before?.name !== known.name || before.colour !== known.colour) {
    shops.set((now) => ({ ...now, [contact.tenant]: known }));
  }
  return story;
}

export function isMet(tenant: string): boolean {
  return tenant in shops.get();
}

export function useShop(tenant: string): Known {
  return useStore(shops)[tenant] ?? { name: tenant, colour: "" };
}
