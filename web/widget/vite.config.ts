import { defineConfig } from "vite";

// One classic script that stands alone: shops paste one tag and never change it.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../.local/web",
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "widget/main.ts", formats: ["iife"], name: "duredesk", fileName: () => "w.js" },
  },
});
