import { useQueryClient } from "@tanstack/react-query";
import { type Floor, pollFloor } from "../api/calls/floor";
import { usePoll } from "../shared/poll";

const KEY = ["floor", "now"];
const EVERY = 5_000;

/** The floor as it is now: asked once for all who look at it here. */
export function useFloor() {
  return usePoll<Floor>(KEY, pollFloor, EVERY);
}

/** Look at the floor again at once, because something was done there. */
export function useLookAgain(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["floor"] });
}
