import type { MantineColorScheme, MantineColorSchemeManager } from "@mantine/core";
import { settings } from "./settings";

let tell: (chosen: MantineColorScheme) => void = () => undefined;

/** Our settings are the one place that remembers light or dark; Mantine listens. */
const manager: MantineColorSchemeManager = {
  get: () => settings.get().scheme,
  set: () => undefined,
  clear: () => undefined,
  subscribe: (listener) => {
    tell = listener;
  },
  unsubscribe: () => {
    tell = () => undefined;
  },
};

export const scheme = { manager, choose: (chosen: MantineColorScheme) => tell(chosen) };
