// The few lines that stand in for a framework.
type Child = Node | string | false | undefined;
type Props = Record<string, string | number | boolean | undefined | ((event: never) => void)>;

/** Make an element; `onclick` and its like are listeners, `true` is an empty attribute. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as unknown as EventListener);
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** A picture of one path on a field of 24 by 24, which says nothing to those who cannot see it. */
export function icon(path: string): SVGSVGElement {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  for (const [name, value] of [
    ["fill", "none"],
    ["stroke", "currentColor"],
    ["stroke-width", "2"],
    ["stroke-linecap", "round"],
    ["stroke-linejoin", "round"],
  ] as const)
    line.setAttribute(name, value);
  picture.append(line);
  return picture;
}

export const CHAT = "M4 5h16v11H9l-5 4z";
export const CLOSE = "M6 6l12 12M18 6L6 18";
export const SEND = "M4 12l16-8-5 16-3-6z";
export const CLIP = "M8 12l6-6a3 3 0 014 4l-8 8a5 5 0 01-7-7l7-7";

/** Change a text only where it differs, so that nothing is read out again. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The Enter that ends a syllable is the input method's; only one outside of a composition is the writer's. */
export function isSendKey(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}
