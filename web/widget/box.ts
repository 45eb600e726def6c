// What the widget keeps in the page's storage, so that a reload loses nothing and all tabs show the same.
export interface Visit {
  tenant: string;
  contact: string;
  token: string;
  /** Milliseconds UTC. */
  expires: number;
}

/** What was written and is not confirmed yet; its id is the Idempotency-Key of every attempt. */
export interface Pending {
  id: string;
  text: string;
  /** Milliseconds UTC. */
  at: number;
  /** Why the server will never take it, if so. */
  refused?: string;
}

/** The little of a storage that is needed, and all that a substitute has to do. */
export interface Shelf {
  read(name: string): string | null;
  write(name: string, value: string | null): void;
  names(): string[];
}

export class Box {
  readonly #prefix: string;
  readonly #shelf: Shelf;

  constructor(key: string, shelf: Shelf = pageShelf()) {
    this.#prefix = `duredesk:${key}:`;
    this.#shelf = shelf;
  }

  get<T>(name: string): T | undefined {
    try {
      return JSON.parse(this.#shelf.read(this.#prefix + name) ?? "null") ?? undefined;
    } catch {
      return undefined;
    }
  }

  set(name: string, value: unknown): void {
    try {
      this.#shelf.write(this.#prefix + name, value === undefined ? null : JSON.stringify(value));
    } catch {
      // A full storage costs the reload its memory, and nothing else.
    }
  }

  get visit(): Visit | undefined {
    return this.get<Visit>("visit");
  }

  /** What waits to be sent, in the order in which it was written. Each has an entry of its own: tabs write at once. */
  get outbox(): Pending[] {
    const start = `${this.#prefix}out:`;
    const names = this.#shelf.names().filter((name) => name.startsWith(start));
    const found = names.map((name) => this.get<Pending>(name.slice(this.#prefix.length)));
    return found.filter((one) => one !== undefined).sort((one, other) => one.at - other.at);
  }

  put(pending: Pending): void {
    this.set(`out:${pending.id}`, pending);
  }

  drop(id: string): void {
    this.set(`out:${id}`, undefined);
  }

  /** Tell what another tab has changed; an empty name is everything. */
  watch(changed: (name: string) => void): void {
    addEventListener("storage", ({ key }) => {
      if (key === null || key.startsWith(this.#prefix)) changed(key?.slice(this.#prefix.length) ?? "");
    });
  }
}

/** The page's storage; where a browser refuses it, one that lasts as long as the page. */
function pageShelf(): Shelf {
  try {
    const storage = window.localStorage;
    storage.getItem("duredesk:");
    return {
      read: (name) => storage.getItem(name),
      write: (name, value) => (value === null ? storage.removeItem(name) : storage.setItem(name, value)),
      names: () => Object.keys(storage),
    };
  } catch {
    return memoryShelf();
  }
}

export function memoryShelf(): Shelf {
  const kept = new Map<string, string>();
  return {
    read: (name) => kept.get(name) ?? null,
    write: (name, value) => void (value === null ? kept.delete(name) : kept.set(name, value)),
    names: () => [...kept.keys()],
  };
}
