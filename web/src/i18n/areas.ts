/** The texts of each part of the pages; they come with its code, in the language that is spoken. */
import type { Language } from "../shared/dates";
import type { door } from "./ko/door";
import type { finance } from "./ko/finance";
import type { floor } from "./ko/floor";
import type { landing } from "./ko/landing";
import type { shared } from "./ko/shared";
import type { shop } from "./ko/shop";
import type { wizard } from "./ko/wizard";

export interface Areas {
  shared: typeof shared;
  landing: typeof landing;
  door: typeof door;
  wizard: typeof wizard;
  shop: typeof shop;
  floor: typeof floor;
  finance: typeof finance;
}

export type Area = keyof Areas;

export const AREAS: Record<Area, Record<Language, () => Promise<object>>> = {
  shared: {
    ko: () => import("./ko/shared").then((module) => module.shared),
    en: () => import("./en/shared").then((module) => module.shared),
  },
  landing: {
    ko: () => import("./ko/landing").then((module) => module.landing),
    en: () => import("./en/landing").then((module) => module.landing),
  },
  door: {
    ko: () => import("./ko/door").then((module) => module.door),
    en: () => import("./en/door").then((module) => module.door),
  },
  wizard: {
    ko: () => import("./ko/wizard").then((module) => module.wizard),
    en: () => import("./en/wizard").then((module) => module.wizard),
  },
  shop: {
    ko: () => import("./ko/shop").then((module) => module.shop),
    en: () => import("./en/shop").then((module) => module.shop),
  },
  floor: {
    ko: () => import("./ko/floor").then((module) => module.floor),
    en: () => import("./en/floor").then((module) => module.floor),
  },
  finance: {
    ko: () => import("./ko/finance").then((module) => module.finance),
    en: () => import("./en/finance").then((module) => module.finance),
  },
};
