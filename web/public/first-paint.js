// Before the first paint, so that nobody's dark page flashes white; what it reads is written by `app/settings.ts`.
(() => {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("duredesk.settings") ?? "{}");
  } catch {
    // Unreadable settings are no settings.
  }
  const dark =
    kept.scheme === "dark" || (kept.scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mantineColorScheme = dark ? "dark" : "light";
  document.documentElement.lang = kept.language === "en" ? "en" : "ko";
})();
