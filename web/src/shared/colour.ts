/** Colours of shops, which their owners choose freely, made readable; a colour is `#rrggbb`. */

const READABLE = 4.5;

function channels(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours by WCAG: 1 for equal ones, 21 for black and white. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Black or white, whichever is read better on `colour`. */
export function inkOn(colour: string): string {
  return contrast("#000000", colour) >= contrast("#ffffff", colour) ? "#000000" : "#ffffff";
}

/** The colour, moved towards black or white until it can be read as text on `ground`. */
export function readableOn(colour: string, ground: string): string {
  const towards = channels(inkOn(ground));
  const from = channels(colour);
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = from.map((channel, i) => Math.round(channel + ((towards[i] ?? 0) - channel) * share));
    const made = `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
    if (contrast(made, ground) >= READABLE) return made;
  }
  return inkOn(ground);
}

/** A colour for a shop that has chosen none; the same shop has always the same. */
export function colourOf(id: string, chosen?: string): string {
  if (chosen && /^#[0-9a-f]{6}$/i.test(chosen)) return chosen.toLowerCase();
  const known = ["#1971c2", "#2b8a3e", "#a61e4d", "#5f3dc4", "#0b7285", "#d9480f", "#5c940d", "#862e9c"];
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return known[sum % known.length] ?? "#1971c2";
}

/** Up to two letters that stand for a name: the first two of a Korean one, the initials of an English one. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const latin = words.every((word) => /^[\x21-\x7e]+$/.test(word));
  if (latin && words.length > 1)
    return words
      .slice(0, 2)
      .map((word) => word[0]?.toUpperCase())
      .join("");
  return [...name.trim()].slice(0, 2).join("");
}
