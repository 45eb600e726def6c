import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { partsOf, type Ref } from "../api/types";
import { Missing, Root } from "./Root";

const root = createRootRoute({ component: Root, notFoundComponent: Missing });
const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/console" });
  },
});
const ConsolePage = lazyRouteComponent(() => import("../console/ConsolePage"), "ConsolePage");
const desk = createRoute({ getParentRoute: () => root, path: "/console", component: ConsolePage });
const contact = createRoute({
  getParentRoute: () => root,
  path: "/console/$tenant/$contact",
  component: ConsolePage,
});

export const router = createRouter({ routeTree: root.addChildren([home, desk, contact]) });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** Open a contact, or none. */
export function open(ref: Ref | null): void {
  if (ref === null) void router.navigate({ to: "/console" });
  else void router.navigate({ to: "/console/$tenant/$contact", params: partsOf(ref) });
}

/** The contact that is open. */
export function opened(): Ref | null {
  const found = /\/console\/([^/]+)\/([^/]+)$/.exec(router.state.location.pathname);
  return found ? `${found[1]}/${found[2]}` : null;
}
