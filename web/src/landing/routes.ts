import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { everybody } from "../app/trees";
import { speaking } from "../i18n";

const LandingPage = lazyRouteComponent(() => speaking("landing", () => import("./LandingPage")), "LandingPage");
const PricesPage = lazyRouteComponent(() => speaking("landing", () => import("./PricesPage")), "PricesPage");
const TermsPage = lazyRouteComponent(() => speaking("landing", () => import("./TermsPage")), "TermsPage");

export const landingTree = [
  createRoute({ getParentRoute: () => everybody, path: "/", component: LandingPage }),
  createRoute({ getParentRoute: () => everybody, path: "/price", component: PricesPage }),
  createRoute({ getParentRoute: () => everybody, path: "/terms", component: TermsPage }),
] as const;
