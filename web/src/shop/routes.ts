import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signed } from "../app/trees";
import { speaking } from "../i18n";

const Frame = lazyRouteComponent(() => speaking("shop", () => import("./Frame")), "Frame");
const Home = lazyRouteComponent(() => speaking("shop", () => import("./Home")), "Home");
const Usage = lazyRouteComponent(() => speaking("shop", () => import("./Usage")), "Usage");
const Line = lazyRouteComponent(() => speaking("shop", () => import("./Line")), "Line");
const Contacts = lazyRouteComponent(() => speaking("shop", () => import("./Contacts")), "Contacts");
const OneContact = lazyRouteComponent(() => speaking("shop", () => import("./OneContact")), "OneContact");
const Promotions = lazyRouteComponent(() => speaking("shop", () => import("./Promotions")), "Promotions");
const NewPromotion = lazyRouteComponent(() => speaking("shop", () => import("./NewPromotion")), "NewPromotion");
const OnePromotion = lazyRouteComponent(() => speaking("shop", () => import("./OnePromotion")), "OnePromotion");
const Results = lazyRouteComponent(() => speaking("shop", () => import("./Results")), "Results");
const Invoices = lazyRouteComponent(() => speaking("shop", () => import("./Invoices")), "Invoices");
const Invoice = lazyRouteComponent(() => speaking("shop", () => import("./Invoice")), "Invoice");
const Team = lazyRouteComponent(() => speaking("shop", () => import("./Team")), "Team");
const Keys = lazyRouteComponent(() => speaking("shop", () => import("./Keys")), "Keys");
const Hooks = lazyRouteComponent(() => speaking("shop", () => import("./Hooks")), "Hooks");
const Deliveries = lazyRouteComponent(() => speaking("shop", () => import("./Deliveries")), "Deliveries");
const Access = lazyRouteComponent(() => speaking("shop", () => import("./Access")), "Access");
const Settings = lazyRouteComponent(() => speaking("shop", () => import("./Settings")), "Settings");
const Leave = lazyRouteComponent(() => speaking("shop", () => import("./Leave")), "Leave");

const frame = createRoute({ getParentRoute: () => signed, path: "/shop", component: Frame });

/** What a shop's people see of it. */
export const shopTree = frame.addChildren([
  createRoute({ getParentRoute: () => frame, path: "/", component: Home }),
  createRoute({ getParentRoute: () => frame, path: "/usage", component: Usage }),
  createRoute({ getParentRoute: () => frame, path: "/usage/$contact", component: Line }),
  createRoute({ getParentRoute: () => frame, path: "/contacts", component: Contacts }),
  createRoute({ getParentRoute: () => frame, path: "/contacts/$contact", component: OneContact }),
  createRoute({ getParentRoute: () => frame, path: "/promotions", component: Promotions }),
  createRoute({ getParentRoute: () => frame, path: "/promotions/new", component: NewPromotion }),
  createRoute({ getParentRoute: () => frame, path: "/promotions/$promotion", component: OnePromotion }),
  createRoute({ getParentRoute: () => frame, path: "/results", component: Results }),
  createRoute({ getParentRoute: () => frame, path: "/invoices", component: Invoices }),
  createRoute({ getParentRoute: () => frame, path: "/invoices/$month", component: Invoice }),
  createRoute({ getParentRoute: () => frame, path: "/team", component: Team }),
  createRoute({ getParentRoute: () => frame, path: "/keys", component: Keys }),
  createRoute({ getParentRoute: () => frame, path: "/hooks", component: Hooks }),
  createRoute({ getParentRoute: () => frame, path: "/hooks/$hook", component: Deliveries }),
  createRoute({ getParentRoute: () => frame, path: "/access", component: Access }),
  createRoute({ getParentRoute: () => frame, path: "/settings", component: Settings }),
  createRoute({ getParentRoute: () => frame, path: "/leave", component: Leave }),
]);
