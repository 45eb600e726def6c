// The conversation as a list: each entry says who speaks before it says what.
import type { Said, SharedFile } from "./api";
import type { Pending } from "./box";
import type { State } from "./chat";
import { make } from "./dom";
import type { Language, Texts } from "./texts";
import { clock, moment } from "./time";

export interface Doing {
  edit(pending: Pending): void;
  remove(pending: Pending): void;
  open(file: SharedFile): void;
}

/** Who says it, in words: a machine is never taken for a person. */
export function speaker(said: Said, shop: string, texts: Texts): string {
  if (said.author === "customer") return texts.me;
  if (said.author === "staff") return texts.staff(shop);
  if (said.author === "house") return texts.house;
  return said.author === "bot" ? texts.bot : texts.human(said.name || shop);
}

export class Log {
  readonly list = make("ol", { class: "log" });
  readonly #doing: Doing;
  #drawn = new Map<string, { key: string; item: HTMLElement }>();

  constructor(doing: Doing) {
    this.#doing = doing;
  }

  /** Show what there is; entries that stay the same are not touched. */
  show(state: State, shop: string, texts: Texts, language: Language): void {
    const kept = new Map<string, { key: string; item: HTMLElement }>();
    const keep = (id: string, key: string, draw: () => HTMLElement) => {
      const former = this.#drawn.get(id);
      kept.set(id, former?.key === key ? former : { key, item: draw() });
    };
    const known = new Set(state.messages.map((one) => one.id));
    for (const said of state.messages) {
      const files = state.files.filter((one) => one.message === said.id);
      keep(said.id, `${language}${shop}${said.at}${files.length}`, () =>
        this.#said(said, files, shop, texts, language),
      );
    }
    for (const one of state.outbox)
      if (!known.has(one.id))
        keep(one.id, `${language}${state.online}${one.refused}`, () => this.#pending(one, state.online, texts));
    this.#drawn = kept;
    const wanted = [...kept.values()].map(({ item }) => item);
    wanted.forEach((item, at) => {
      if (this.list.children[at] !== item) this.list.insertBefore(item, this.list.children[at] ?? null);
    });
    while (this.list.children.length > wanted.length) this.list.lastElementChild?.remove();
  }

  #said(said: Said, files: SharedFile[], shop: string, texts: Texts, language: Language): HTMLElement {
    const at = Date.parse(said.at);
    const time = make("time", { datetime: said.at, title: moment(at, Date.now(), language) }, clock(at, language));
    const buttons = files.map((file) =>
      make("button", { type: "button", onclick: () => this.#doing.open(file) }, `${texts.file}: ${file.name}`),
    );
    return make(
      "li",
      { class: said.author === "customer" ? "said mine" : "said" },
      make("p", { class: "who" }, make("b", {}, speaker(said, shop, texts)), " ", time),
      Boolean(said.text) && make("p", { class: "text" }, said.text),
      ...buttons,
    );
  }

  #pending(pending: Pending, online: boolean, texts: Texts): HTMLElement {
    if (!pending.refused) {
      const where = online ? texts.sending : texts.waitsForNet;
      return make(
        "li",
        { class: "said mine unsure" },
        make("p", { class: "who" }, make("b", {}, texts.me), ` · ${where}`),
        make("p", { class: "text" }, pending.text),
      );
    }
    return make(
      "li",
      { class: "said mine refused" },
      make("p", { class: "who" }, make("b", {}, texts.me), ` · ${texts.unsent}`),
      make("p", { class: "text" }, pending.text),
      make("p", { class: "who" }, why(pending.refused, texts)),
      make("button", { type: "button", onclick: () => this.#doing.edit(pending) }, texts.edit),
      make("button", { type: "button", onclick: () => this.#doing.remove(pending) }, texts.remove),
    );
  }
}

export function why(code: string, texts: Texts): string {
  if (code === "too_late_to_repeat") return texts.tooLate;
  return code === "too_large" || code === "text_too_long" ? texts.tooLong : texts.refused;
}
