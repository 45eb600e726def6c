// On a small screen the panel is all there is: the page behind it stands still and cannot be reached.
const SMALL = "(max-width: 480px)";

export class Screen {
  readonly #panel: HTMLElement;
  readonly #host: HTMLElement;
  readonly #close: () => void;
  #still: HTMLElement[] = [];
  #overflow = "";
  #entered = false;

  constructor(host: HTMLElement, panel: HTMLElement, close: () => void) {
    this.#host = host;
    this.#panel = panel;
    this.#close = close;
    matchMedia(SMALL).addEventListener("change", () => this.fit(!panel.hidden));
    window.visualViewport?.addEventListener("resize", () => this.#follow());
    window.visualViewport?.addEventListener("scroll", () => this.#follow());
    addEventListener("popstate", () => {
      if (!this.#entered) return;
      this.#entered = false;
      this.#close();
    });
  }

  /** Whether the panel covers the screen; one that stands in a frame of the page's has no screen to cover. */
  get small(): boolean {
    return matchMedia(SMALL).matches && !this.#host.hasAttribute("data-framed");
  }

  /** Take the whole screen while the panel is open on a small one, and give it back afterwards. */
  fit(open: boolean): void {
    const full = open && this.small;
    this.#panel.classList.toggle("full", full);
    this.#panel.ariaModal = full ? "true" : null;
    if (full && !this.#still.length) this.#take();
    if (!full && this.#still.length) this.#giveBack();
    this.#follow();
  }

  #take(): void {
    const others = [...document.body.children].filter((one): one is HTMLElement => one instanceof HTMLElement);
    this.#still = others.filter((one) => one !== this.#host && !one.inert);
    for (const one of this.#still) one.inert = true;
    this.#overflow = document.documentElement.style.overflow;
    document.documentElement.style.overflow = "hidden";
    // The back button closes the panel, as it does everything that covers the screen.
    history.pushState(history.state, "");
    this.#entered = true;
  }

  #giveBack(): void {
    for (const one of this.#still) one.inert = false;
    this.#still = [];
    document.documentElement.style.overflow = this.#overflow;
    if (this.#entered) {
      this.#entered = false;
      history.back();
    }
  }

  /** Stay above the keyboard, which shrinks the visible part of the page alone. */
  #follow(): void {
    const seen = window.visualViewport;
    const full = this.#panel.classList.contains("full") && seen;
    this.#panel.style.height = full ? `${seen.height}px` : "";
    this.#panel.style.top = full ? `${seen.offsetTop}px` : "";
  }
}
