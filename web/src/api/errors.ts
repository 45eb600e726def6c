/** A refusal of the API: what a program decides on, and what helps to act. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${status} ${code}`);
  }

  /** Whether the very same request may succeed in a moment. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }

  /** A text of the details, or "". */
  detail(name: string): string {
    const found = this.details[name];
    return Array.isArray(found) ? found.join(", ") : typeof found === "string" ? found : "";
  }
}

/** Nobody answered: it is not known whether the request arrived. */
export class Unreachable extends Error {}

/** Whether to try the same again later. */
export function mayPass(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refused && error.passing);
}

export function refusal(error: unknown, code: string): Refused | null {
  return error instanceof Refused && error.code === code ? error : null;
}
