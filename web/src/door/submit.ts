import type { FormEvent } from "react";
import { type Attempt, useAttempt } from "../shared/attempt";

interface Submitting extends Omit<Attempt, "attempt"> {
  run: (event?: FormEvent) => void;
}

/** A form that is sent: not twice at once, and what is refused is said. */
export function useSubmit(send: () => Promise<unknown>): Submitting {
  const { attempt, ...said } = useAttempt();
  return {
    ...said,
    run: (event) => {
      event?.preventDefault();
      if (!said.busy) void attempt(send);
    },
  };
}
