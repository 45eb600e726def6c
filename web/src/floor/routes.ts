import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signed } from "../app/trees";
import { speaking } from "../i18n";

const Frame = lazyRouteComponent(() => speaking("floor", () => import("./Frame")), "Frame");
const frame = createRoute({ getParentRoute: () => signed, path: "/floor", component: Frame });

const now = createRoute({
  getParentRoute: () => frame,
  path: "/",
  component: lazyRouteComponent(() => speaking("floor", () => import("./FloorPage")), "FloorPage"),
});
const promotions = createRoute({
  getParentRoute: () => frame,
  path: "/promotions",
  component: lazyRouteComponent(() => speaking("floor", () => import("./Promotions")), "Promotions"),
});
const team = createRoute({
  getParentRoute: () => frame,
  path: "/team",
  component: lazyRouteComponent(() => speaking("floor", () => import("./Team")), "Team"),
});
const letters = createRoute({
  getParentRoute: () => frame,
  path: "/letters",
  component: lazyRouteComponent(() => speaking("floor", () => import("./Letters")), "Letters"),
});

export const floorTree = frame.addChildren([now, promotions, team, letters]);
