// The launcher and the panel: they show the state of the chat, and tell the chat what the visitor does.
import type { State, Talk } from "./chat";
import { paint } from "./colour";
import { CHAT, CLIP, CLOSE, icon, isSendKey, make, SEND, say } from "./dom";
import { KINDS, MOST, sendFiles } from "./files";
import { Log, speaker } from "./log";
import { ratingForm } from "./rating";
import { Screen } from "./screen";
import { type Language, TEXTS, type Texts } from "./texts";
import { moment } from "./time";

const NEAR_END = 80;
const SPOKEN = 100;

export class Panel {
  readonly #chat: Talk;
  readonly #keep: (language: Language) => void;
  readonly #screen: Screen;
  readonly #log: Log;
  #language: Language;
  #state: State | undefined;
  #told: number | undefined;
  #ratingIn = "";

  readonly #badge = make("span", { class: "badge", "aria-hidden": true, hidden: true });
  readonly #launcher = make("button", {
    class: "launcher",
    type: "button",
    "aria-controls": "panel",
    onclick: () => this.#toggle(),
  });
  readonly #name = make("h2", { id: "name" });
  readonly #status = make("p", { id: "status" });
  readonly #other = make("button", { type: "button", onclick: () => this.#switch() });
  readonly #close = make("button", { type: "button", onclick: () => this.#toggle() }, icon(CLOSE));
  readonly #strip = make("p", { class: "strip", hidden: true });
  readonly #notice = make("p", { class: "strip notice", role: "status", hidden: true });
  readonly #fault = make("p", { class: "strip", role: "alert", hidden: true });
  readonly #welcome = make("p", { class: "text" });
  readonly #automatic = make("b");
  readonly #people = make("p", { class: "note" });
  readonly #end = make("div");
  readonly #scroll = make("div", { class: "scroll", tabindex: 0, role: "region" });
  readonly #jump = make("button", { class: "jump", type: "button", hidden: true, onclick: () => this.#toEnd() });
  readonly #label = make("label", { class: "quiet", for: "text" });
  readonly #text = make("textarea", { id: "text", rows: 1, maxlength: 10_000, enterkeyhint: "send" });
  readonly #picker = make("input", { type: "file", accept: KINDS, multiple: true, hidden: true, tabindex: -1 });
  readonly #attach = make("button", { type: "button", onclick: () => this.#picker.click() }, icon(CLIP));
  readonly #send = make("button", { class: "send", type: "submit" }, icon(SEND));
  readonly #form = make(
    "form",
    { class: "composer" },
    this.#label,
    this.#attach,
    this.#picker,
    this.#text,
    this.#send,
  );
  readonly #news = make("p", { class: "quiet", role: "status" });
  readonly #alarm = make("p", { class: "quiet", role: "alert" });
  readonly #panel = make("section", {
    id: "panel",
    class: "panel",
    role: "dialog",
    "aria-labelledby": "name",
    hidden: true,
  });

  constructor(host: HTMLElement, root: ShadowRoot, chat: Talk, language: Language, keep: (now: Language) => void) {
    this.#chat = chat;
    this.#language = language;
    this.#keep = keep;
    this.#log = new Log({
      edit: (pending) => {
        this.#write(pending.text);
        chat.withdraw(pending.id);
      },
      remove: (pending) => chat.withdraw(pending.id),
      open: (file) => void this.#open(file.id),
    });
    const notice = make("p", { class: "who" }, this.#automatic);
    this.#scroll.append(
      make("div", { class: "said" }, notice, this.#welcome),
      this.#people,
      this.#log.list,
      this.#end,
    );
    const head = make(
      "header",
      { class: "head" },
      make("div", {}, this.#name, this.#status),
      this.#other,
      this.#close,
    );
    this.#panel.append(head, this.#notice, this.#strip, this.#scroll, this.#jump, this.#fault, this.#form);
    this.#launcher.append(icon(CHAT), this.#badge);
    root.append(this.#launcher, this.#panel, this.#news, this.#alarm);
    this.#screen = new Screen(host, this.#panel, () => this.#toggle(false));
    this.#listen();
    this.#text.value = chat.draft;
  }

  #listen(): void {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", (event) => {
      const touch = matchMedia("(pointer: coarse)").matches;
      if (touch || !isSendKey(event)) return;
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("input", () => {
      this.#chat.draft = this.#text.value;
      this.#chat.touch();
    });
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.#toggle(false);
    });
    this.#picker.addEventListener("change", () => void this.#upload());
    this.#scroll.addEventListener("scroll", () => {
      if (this.#atEnd()) this.#jump.hidden = true;
    });
  }

  get #texts(): Texts {
    return TEXTS[this.#language];
  }

  get #shop(): string {
    const shop = this.#state?.shop;
    return (this.#language === "en" && shop?.name_en) || shop?.name || "";
  }

  /** Show a state; nothing is drawn twice and nothing moves under the reader's eyes. */
  show(state: State): void {
    this.#state = state;
    if (!state.shop) return;
    const stays = this.#atEnd();
    const opens = state.open && this.#panel.hidden;
    this.#panel.hidden = !state.open;
    this.#words(state);
    this.#log.show(state, this.#shop, this.#texts, this.#language);
    this.#ending(state);
    this.#screen.fit(state.open);
    this.#tell(state, stays);
    if (opens) this.#toEnd();
  }

  #words(state: State): void {
    const [texts, shop, { paper, ink }] = [this.#texts, this.#shop, paint(state.shop?.colour)];
    for (const element of [this.#launcher, this.#panel]) {
      element.lang = this.#language;
      element.style.setProperty("--paper", paper);
      element.style.setProperty("--ink", ink);
    }
    this.#launcher.ariaExpanded = String(state.open);
    this.#launcher.ariaLabel = state.open ? texts.close : state.unread ? texts.unread(state.unread) : texts.open;
    this.#launcher.hidden = state.open && this.#screen.small;
    this.#badge.hidden = !state.unread;
    say(this.#badge, String(state.unread));
    say(this.#name, texts.talk(shop));
    say(this.#status, status(state, texts, this.#language));
    say(this.#other, texts.other);
    this.#other.lang = this.#language === "ko" ? "en" : "ko";
    this.#close.ariaLabel = texts.close;
    say(this.#strip, texts.offline);
    this.#strip.hidden = state.online;
    const notice = state.shop?.notice;
    say(this.#notice, (this.#language === "en" ? notice?.text_en : notice?.text) ?? "");
    this.#notice.hidden = !notice;
    say(this.#automatic, texts.automatic);
    say(this.#welcome, (this.#language === "ko" && state.shop?.greeting) || texts.welcome(shop));
    say(this.#people, state.shop?.bot ? texts.bots : texts.people);
    this.#scroll.ariaLabel = texts.log(shop);
    say(this.#label, texts.write);
    this.#text.placeholder = texts.placeholder;
    this.#send.ariaLabel = texts.send;
    this.#attach.ariaLabel = `${texts.attach}. ${texts.rules}`;
    this.#attach.title = texts.rules;
    this.#attach.hidden = this.#picker.disabled = !state.status;
    say(this.#jump, texts.jump);
  }

  /** Say that it ended, and ask how it was: once, and not under the fingers of who is answering. */
  #ending(state: State): void {
    const over = state.status === "resolved";
    const wanted = over ? `${this.#language}${state.episode}${state.rated}` : "";
    if (wanted === this.#ratingIn) return;
    this.#ratingIn = wanted;
    const { resolved, thanks } = this.#texts;
    const form = ratingForm(this.#texts, (score, comment) => this.#chat.rate(score, comment));
    const shown = state.rated ? make("p", { class: "note" }, thanks) : form;
    this.#end.replaceChildren(...(over ? [make("p", { class: "note" }, resolved), shown] : []));
  }

  /** Tell of what is new since the last time: aloud once, and without moving what is being read. */
  #tell(state: State, stays: boolean): void {
    const count = state.messages.length;
    const fresh = this.#told === undefined ? [] : state.messages.slice(this.#told);
    const theirs = fresh.filter((one) => one.author !== "customer");
    if (count || state.status) this.#told = count;
    const [only] = theirs;
    if (theirs.length > 1) say(this.#news, this.#texts.news(theirs.length));
    else if (only) say(this.#news, `${speaker(only, this.#shop, this.#texts)}: ${only.text.slice(0, SPOKEN)}`);
    else if (fresh.length) say(this.#news, this.#texts.sent);
    say(this.#alarm, state.outbox.some((one) => one.refused) ? this.#texts.unsent : "");
    if (stays || fresh.length > theirs.length) this.#toEnd();
    else if (theirs.length) this.#jump.hidden = false;
  }

  #toggle(open = !this.#state?.open): void {
    if (open === this.#state?.open) return;
    this.#chat.setOpen(open);
    if (!open) this.#launcher.focus();
    else if (this.#screen.small) this.#close.focus();
    else this.#text.focus();
  }

  #switch(): void {
    this.#language = this.#language === "ko" ? "en" : "ko";
    this.#keep(this.#language);
    if (this.#state) this.show(this.#state);
  }

  #submit(): void {
    const text = this.#text.value.trim();
    if (!text) return;
    this.#write("");
    this.#chat.say(text);
    this.#toEnd();
  }

  #write(text: string): void {
    this.#text.value = text;
    this.#chat.draft = text;
    this.#text.focus();
  }

  async #upload(): Promise<void> {
    const files = [...(this.#picker.files ?? [])].slice(0, MOST);
    this.#picker.value = "";
    const names = files.map(({ name }) => name).join(", ");
    this.#warn("");
    say(this.#news, this.#texts.uploading(names));
    const problem = await sendFiles(this.#chat, files, this.#texts);
    if (!problem) say(this.#news, this.#texts.uploaded(names));
    this.#warn(problem);
  }

  /** Show what went wrong with files, until the next ones. */
  #warn(problem: string): void {
    say(this.#fault, problem);
    this.#fault.hidden = !problem;
  }

  async #open(file: string): Promise<void> {
    const found = await this.#chat.about<{ url: string }>("GET", `/files/${file}`);
    if (found?.body?.url) window.open(found.body.url, "_blank", "noopener,noreferrer");
  }

  #atEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  #toEnd(): void {
    this.#jump.hidden = true;
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }
}

/** Where the conversation stands, or what to expect of one that has not begun. */
export function status({ status, shop }: State, texts: Texts, language: Language): string {
  if (status === "resolved") return texts.over;
  if (status === "claimed") return texts.claimed;
  if (shop?.open_now === false) {
    if (!shop.opens_at) return texts.closed;
    const when = moment(Date.parse(shop.opens_at), Date.now(), language);
    return status ? texts.kept(when) : texts.away(when);
  }
  const minutes = Math.ceil((shop?.expected_wait_seconds ?? 0) / 60);
  if (status) return minutes ? texts.waits(minutes) : texts.waiting;
  return minutes ? texts.soon(minutes) : texts.here;
}
