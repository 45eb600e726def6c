// A shop may pick any colour: what stands on it is black or white, whichever is read more easily.
const HEX = /^#[0-9a-f]{6}$/i;
export const DEFAULT_COLOUR = "#2f4b7c";

/** Relative luminance as WCAG defines it, 0 to 1. */
export function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The shop's colour, or ours if it is none, and the ink for it: at least 4.5 to 1. */
export function paint(colour: string | undefined): { paper: string; ink: string } {
  const paper = colour && HEX.test(colour) ? colour : DEFAULT_COLOUR;
  const light = luminance(paper);
  return { paper, ink: 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#ffffff" : "#000000" };
}
