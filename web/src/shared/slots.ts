/** Slots of canned answers that the server has left open: the agent fills them. */

/** A slot that is still open: where it stands in the text, what it asks for, and what may be chosen. */
export interface Slot {
  from: number;
  /** Where what is to be replaced ends; a particle that depends on it follows, up to `to`. */
  end: number;
  to: number;
  label: string;
  kind: "text" | "date" | "choice";
  choices: string[];
}

const OPEN = /\{\{([^{}]*)\}\}(?:\((은\/는|이\/가|을\/를|과\/와|으로\/로)\))?/g;
const ASKS: Record<string, string> = {
  "customer.name": "고객 이름",
  "customer.order_number": "주문 번호",
  "shop.name": "상점 이름",
  "agent.name": "상담원 이름",
};

/** The slots that are still open, in order. */
export function openSlots(text: string): Slot[] {
  return [...text.matchAll(OPEN)].map((match) => {
    const [whole, inner = ""] = match;
    const from = match.index;
    const choices = inner.includes("|") ? inner.split("|").map((choice) => choice.trim()) : [];
    const [label = "", type] = inner.replace(/^\?/, "").split(":");
    const kind = choices.length ? "choice" : type?.trim() === "date" ? "date" : "text";
    return {
      from,
      end: from + inner.length + "{{}}".length,
      to: from + whole.length,
      label: choices.length ? choices.join(" / ") : (ASKS[label.trim()] ?? label.trim()),
      kind,
      choices,
    };
  });
}

/** The text with one slot filled by `value`, and where the value ends in it. */
export function put(text: string, slot: Slot, value: string): { text: string; end: number } {
  const pair = /\((은\/는|이\/가|을\/를|과\/와|으로\/로)\)$/.exec(text.slice(slot.from, slot.to))?.[1];
  const whole = pair ? value + particle(value, pair) : value;
  return { text: text.slice(0, slot.from) + whole + text.slice(slot.to), end: slot.from + whole.length };
}

/** The slot that Tab goes to from a place in the text: the next one, and after the last the first. */
export function nextSlot(text: string, place: number): Slot | undefined {
  const slots = openSlots(text);
  return slots.find((slot) => slot.from >= place) ?? slots[0];
}

/** The text as a list shows it, with each slot as what it asks for. */
export function preview(text: string): string {
  return text.replace(OPEN, (_, inner: string) => {
    const label = inner.replace(/^\?/, "").split(":")[0]?.trim() ?? "";
    return `[${(ASKS[label] ?? label).replaceAll("|", " / ")}]`;
  });
}

/** Whether anything is left that no customer may see. */
export function isOpen(text: string): boolean {
  return text.includes("{{");
}

const UNDECIDED = /([^\s}])\s*\((은\/는|이\/가|을\/를|과\/와|으로\/로)\)/g;

/** The text with the particles decided of all slots that were typed over. */
export function decided(text: string): string {
  return text.replace(UNDECIDED, (_, last: string, pair: string) => last + particle(last, pair));
}

const DIGITS_WITH_FINAL = new Set("013678");
const DIGITS_IN_L = new Set("178");

/** 은 or 는 and the like, by how the word before it ends; both where that cannot be told. */
export function particle(word: string, pair: string): string {
  const [withFinal = "", without = ""] = pair.split("/");
  const last = word.trimEnd().at(-1) ?? "";
  const code = last.codePointAt(0) ?? 0;
  let final: boolean;
  let l: boolean;
  if (code >= 0xac00 && code <= 0xd7a3) {
    const index = (code - 0xac00) % 28;
    final = index !== 0;
    l = index === 8;
  } else if (/[0-9]/.test(last)) {
    final = DIGITS_WITH_FINAL.has(last);
    l = DIGITS_IN_L.has(last);
  } else {
    return withFinal === "으로" ? "(으)로" : `${withFinal}(${without})`;
  }
  if (withFinal === "으로") return final && !l ? "으로" : "로";
  return final ? withFinal : without;
}
