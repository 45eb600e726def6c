import { createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { partsOf, type Ref } from "../api/types";
import { doorTree, wizardTree } from "../door/routes";
import { financeTree } from "../finance/routes";
import { floorTree } from "../floor/routes";
import { landingTree } from "../landing/routes";
import { parseSearch, stringifySearch } from "../shared/url";
import { shopTree } from "../shop/routes";
import { Arrived } from "./Signed";
import { everybody, root, signed } from "./trees";

const ConsolePage = lazyRouteComponent(() => import("../console/ConsolePage"), "ConsolePage");
const consoleTree = [
  createRoute({ getParentRoute: () => signed, path: "/console", component: ConsolePage }),
  createRoute({ getParentRoute: () => signed, path: "/console/$tenant/$contact", component: ConsolePage }),
] as const;
const signIn = createRoute({ getParentRoute: () => signed, path: "/sign-in", component: Arrived });

export const router = createRouter({
  routeTree: root.addChildren([
    everybody.addChildren([...landingTree, ...doorTree]),
    signed.addChildren([signIn, ...consoleTree, wizardTree, shopTree, floorTree, financeTree]),
  ]),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
});

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
