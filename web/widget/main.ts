// Begins the widget: <script async src="https://…/w.js" data-key="ddw.shop.…" data-language="ko"></script>
import { api } from "./api";
import { Box } from "./box";
import { Chat } from "./chat";
import { Panel } from "./panel";
import css from "./style.css?inline";
import type { Language } from "./texts";

const TAG = "duredesk-widget";

function begin(script: HTMLScriptElement): void {
  const key = script.dataset.key ?? "";
  if (!key || document.querySelector(TAG)) return;
  const host = document.createElement(TAG);
  const theme = script.dataset.theme ?? "auto";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = () => host.toggleAttribute("data-dark", theme === "dark" || (theme === "auto" && dark.matches));
  dark.addEventListener("change", colour);
  colour();
  // The page's own policy may forbid style elements; a sheet made by a script is none.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  const box = new Box(key);
  const wanted = box.get<Language>("language") ?? script.dataset.language ?? document.documentElement.lang;
  const language: Language = wanted.startsWith("en") ? "en" : "ko";
  const chat = new Chat(api(new URL(script.src).origin, key), box, `duredesk:${key}`, (state) => {
    // Without a shop that answers there is nothing to show, and nothing is in the page's way.
    if (state.shop && !host.isConnected) document.body.append(host);
    panel.show(state);
  });
  const panel = new Panel(host, root, chat, language, (now) => box.set("language", now));
  void chat.start();
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => begin(script));
  else begin(script);
}
