import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { everybody, signed } from "../app/trees";
import { speaking } from "../i18n";

const SignUp = lazyRouteComponent(() => speaking("door", () => import("./SignUp")), "SignUp");
const Forgot = lazyRouteComponent(() => speaking("door", () => import("./Forgot")), "Forgot");
const Wizard = lazyRouteComponent(() => speaking("wizard", () => import("./wizard/Wizard")), "Wizard");

export const doorTree = [
  createRoute({ getParentRoute: () => everybody, path: "/sign-up", component: SignUp }),
  createRoute({ getParentRoute: () => everybody, path: "/password", component: Forgot }),
] as const;

/** Setting a shop up; without a step it opens at the next one. */
export const wizardTree = createRoute({
  getParentRoute: () => signed,
  path: "/set-up/{-$step}",
  component: Wizard,
});
