import { QueryClient } from "@tanstack/react-query";
import { mayPass } from "../api/errors";
import { session } from "../api/session";

let before = "";

export const query = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (tries, error) => mayPass(error) && tries < 3,
      networkMode: "always",
      staleTime: 30_000,
      refetchOnWindowFocus: false,
    },
  },
});

// What one person read is not there for the next one at this browser.
session.subscribe(() => {
  const now = session.get();
  if (now.state !== "in") return;
  if (before && before !== now.person.id) query.clear();
  before = now.person.id;
});
