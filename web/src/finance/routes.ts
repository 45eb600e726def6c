import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signed } from "../app/trees";
import { speaking } from "../i18n";

const Frame = lazyRouteComponent(() => speaking("finance", () => import("./Frame")), "Frame");
const frame = createRoute({ getParentRoute: () => signed, path: "/finance", component: Frame });

const months = createRoute({
  getParentRoute: () => frame,
  path: "/",
  component: lazyRouteComponent(() => speaking("finance", () => import("./Months")), "Months"),
});
const month = createRoute({
  getParentRoute: () => frame,
  path: "/months/$tenant/$month",
  component: lazyRouteComponent(() => speaking("finance", () => import("./Month")), "Month"),
});
const breaks = createRoute({
  getParentRoute: () => frame,
  path: "/breaks",
  component: lazyRouteComponent(() => speaking("finance", () => import("./Breaks")), "Breaks"),
});
const oneBreak = createRoute({
  getParentRoute: () => frame,
  path: "/breaks/$tenant/$id",
  component: lazyRouteComponent(() => speaking("finance", () => import("./BreakPage")), "BreakPage"),
});
const registers = createRoute({
  getParentRoute: () => frame,
  path: "/registers",
  component: lazyRouteComponent(() => speaking("finance", () => import("./Registers")), "Registers"),
});
const aging = createRoute({
  getParentRoute: () => frame,
  path: "/aging",
  component: lazyRouteComponent(() => speaking("finance", () => import("./Aging")), "Aging"),
});
const journal = createRoute({
  getParentRoute: () => frame,
  path: "/journal",
  component: lazyRouteComponent(() => speaking("finance", () => import("./Journal")), "Journal"),
});
const disputes = createRoute({
  getParentRoute: () => frame,
  path: "/disputes",
  component: lazyRouteComponent(() => speaking("finance", () => import("./Disputes")), "Disputes"),
});
const corrections = createRoute({
  getParentRoute: () => frame,
  path: "/corrections",
  component: lazyRouteComponent(() => speaking("finance", () => import("./Corrections")), "Corrections"),
});

export const financeTree = frame.addChildren([
  months,
  month,
  breaks,
  oneBreak,
  registers,
  aging,
  journal,
  disputes,
  corrections,
]);
