import { createStore } from "../shared/store";

const room = matchMedia("(min-width: 1280px)");

/** Whether the customer's side is shown: where there is room for it, and elsewhere when it is asked for. */
export const panelOpen = createStore(room.matches);

room.addEventListener("change", () => panelOpen.set(room.matches));
