import { useState } from "react";
import { Refused } from "../api/errors";
import { why } from "../i18n";

export interface Attempt {
  busy: boolean;
  /** Why it did not work, in words; "" for nothing. */
  wrong: string;
  /** The code of the refusal, for the field that it is about. */
  code: string;
  /** Do something that may be refused; returns whether it was done. */
  attempt: (what: () => Promise<unknown>) => Promise<boolean>;
}

/** Something that is asked of the server, and what is said while it goes on and when it is refused. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  // The error, not its words: those follow the language.
  const [error, setError] = useState<unknown>(null);
  async function attempt(what: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setError(null);
    try {
      await what();
      return true;
    } catch (thrown) {
      setError(thrown);
      return false;
    } finally {
      setBusy(false);
    }
  }
  return {
    busy,
    wrong: error === null ? "" : why(error),
    code: error instanceof Refused ? error.code : "",
    attempt,
  };
}
