// How often the widget asks for news, and how long it waits before it tries again.
export interface Attention {
  /** The tab is in front. */
  visible: boolean;
  open: boolean;
  /** Milliseconds since the visitor did or got something. */
  idle: number;
  /** Nobody is expected to write: the conversation has ended. */
  over: boolean;
}

const ACTIVE_MS = 2 * 60_000;

/** Milliseconds until the next look, or none while nobody looks. */
export function pause({ visible, open, idle, over }: Attention): number | undefined {
  if (!visible) return undefined;
  if (open && !over) return idle < ACTIVE_MS ? 2_000 : 8_000;
  return over ? 60_000 : 15_000;
}

/** Milliseconds before another attempt after so many that failed; the server may ask for more. */
export function backoff(failures: number, retryAfter = 0): number {
  return Math.max(retryAfter * 1000, Math.min(30_000, 500 * 2 ** failures));
}
