import { QueryClient } from "@tanstack/react-query";
import { mayPass } from "../api/errors";

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
