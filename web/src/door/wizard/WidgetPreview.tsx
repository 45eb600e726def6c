import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Said } from "../../../widget/api";
import type { State, Talk } from "../../../widget/chat";
import { Panel } from "../../../widget/panel";
import css from "../../../widget/style.css?inline";
import type { Language } from "../../../widget/texts";
import { settings } from "../../app/settings";
import { useStore } from "../../shared/store";
import classes from "./Wizard.module.css";

/** What of a shop the widget shows, and how somebody of the desk would answer there. */
interface Shown {
  name: string;
  name_en: string;
  greeting: string;
  agent: string;
  answer: string;
}

interface Rehearsed {
  host: HTMLElement;
  show: (shown: Shown) => void;
}

/** The widget with nobody behind it. */
function rehearse(language: Language): Rehearsed {
  const host = document.createElement("div");
  host.dataset.framed = "";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  let now: State = {
    messages: [],
    files: [],
    outbox: [],
    status: "",
    episode: 0,
    online: true,
    open: true,
    unread: 0,
    rated: false,
  };
  let told: Shown | undefined;
  const change = (more: Partial<State>) => {
    now = { ...now, ...more };
    panel.show(now);
  };
  const said = (author: Said["author"], name: string, text: string): Said => {
    return { id: crypto.randomUUID(), author, name, text, at: new Date().toISOString() };
  };
  const talk: Talk = {
    draft: "",
    say: (text) => {
      if (!told) return;
      const both = [said("customer", "", text), said("agent", told.agent, told.answer)];
      change({ messages: [...now.messages, ...both] });
    },
    setOpen: (open) => change({ open }),
    withdraw: () => {},
    touch: () => {},
    rate: async () => true,
    about: async () => undefined,
    look: async () => {},
  };
  const panel = new Panel(host, root, talk, language, () => {});
  return {
    host,
    show: (shown) => {
      told = shown;
      const { name, name_en, greeting } = shown;
      change({ shop: { name, name_en, greeting, open_now: true } });
    },
  };
}

// A panel listens to the window for good, so that there is one for each language.
const rehearsed = new Map<Language, Rehearsed>();

function of(language: Language): Rehearsed {
  const known = rehearsed.get(language) ?? rehearse(language);
  rehearsed.set(language, known);
  return known;
}

/** The widget as customers see it, within the page; what is written there goes nowhere. */
export function WidgetPreview(shown: Shown) {
  const { language } = useStore(settings);
  const dark = useComputedColorScheme() === "dark";
  const frame = useRef<HTMLDivElement>(null);
  const widget = of(language);
  useEffect(() => {
    frame.current?.replaceChildren(widget.host);
  }, [widget]);
  useEffect(() => {
    widget.host.toggleAttribute("data-dark", dark);
    widget.show(shown);
  });
  return <div ref={frame} className={classes.widget} />;
}
