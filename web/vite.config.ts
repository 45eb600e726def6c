import { existsSync, readFileSync } from "node:fs";
import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { theme, variables } from "./src/app/theme.ts";

/** Where `make up` serves the pages and the API as one origin. */
const SERVICES = new URL("../.local/services.json", import.meta.url);

export default defineConfig({
  plugins: [react(), themeCss()],
  // Data addresses would need a hole in the content security policy.
  build: {
    outDir: "../.local/web",
    emptyOutDir: false,
    assetsInlineLimit: 0,
    target: "es2023",
    // Browsers that have light-dark() themselves.
    cssTarget: ["chrome123", "safari17.5", "firefox121"],
    manifest: true,
  },
  server: { host: "127.0.0.1", port: 5173, proxy: { "/v1": pages() } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}", "widget/**/*.test.ts"] },
});

function pages(): string {
  if (!existsSync(SERVICES)) return "http://127.0.0.1";
  return (JSON.parse(readFileSync(SERVICES, "utf8")) as { pages_url: string }).pages_url;
}

/** The theme's variables as a style sheet: the policy allows no style element that a script adds. */
function themeCss(): Plugin {
  const name = "virtual:theme.css";
  return {
    name: "theme-css",
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      const [base, own] = [defaultCssVariablesResolver(merged), variables(merged)];
      const all = {
        variables: { ...base.variables, ...own.variables },
        light: { ...base.light, ...own.light },
        dark: { ...base.dark, ...own.dark },
      };
      return convertCssVariables(all, ":root");
    },
  };
}
