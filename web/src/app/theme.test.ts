import { DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import { describe, expect, it } from "vitest";
import { contrast } from "../shared/colour";
import { theme, variables } from "./theme";

const merged = mergeMantineTheme(DEFAULT_THEME, theme);
const [base, own] = [defaultCssVariablesResolver(merged), variables(merged)];

/** The colour that a variable has in the end, in light or dark. */
function colour(name: string, scheme: "light" | "dark"): string {
  const known = { ...base.variables, ...base[scheme], ...own[scheme] } as Record<string, string>;
  let found = known[name] ?? "";
  for (let step = 0; found.startsWith("var(") && step < 5; step++) found = known[found.slice(4, -1)] ?? "";
  return found;
}

const TEXT = [
  "--mantine-color-dimmed",
  "--mantine-color-placeholder",
  "--mantine-color-error",
  "--mantine-color-anchor",
];
const GROUNDS = {
  light: ["#ffffff", colour("--mantine-color-gray-0", "light"), "#fff9db", "#f3f0ff"],
  dark: [colour("--mantine-color-dark-7", "dark"), colour("--mantine-color-dark-8", "dark"), "#3a3200", "#2a2247"],
};

describe.each(["light", "dark"] as const)("text in %s", (scheme) => {
  it.each(TEXT)("%s is read on every ground", (name) => {
    for (const ground of GROUNDS[scheme]) {
      expect(contrast(colour(name, scheme), ground)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("is read on the buttons", () => {
    expect(contrast("#ffffff", colour("--mantine-color-blue-filled", scheme))).toBeGreaterThanOrEqual(4.5);
  });
});
