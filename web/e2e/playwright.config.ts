import { defineConfig } from "@playwright/test";

const out = process.env.DUREDESK_OUT ?? "../.local/e2e";

export default defineConfig({
  testDir: ".",
  outputDir: `${out}/traces`,
  // One desk, one queue: what one spec leaves waiting, another one's agent would take.
  workers: 1,
  fullyParallel: false,
  // Patience costs nothing where it is not needed, and machines are slow at times.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    locale: "ko-KR",
    timezoneId: "America/New_York",
    viewport: { width: 1440, height: 900 },
    trace: { mode: "retain-on-failure", screenshots: false, sources: false },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.DUREDESK_CHROMIUM ?? "",
      env: { ...process.env, ...JSON.parse(process.env.DUREDESK_CHROMIUM_ENV ?? "{}") },
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    },
  },
});
