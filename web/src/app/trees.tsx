/** Where routes hang: pages for everybody, and pages behind a sign-in. Each area brings its own routes. */
import { createRootRoute, createRoute } from "@tanstack/react-router";
import { Missing, Root } from "./Root";
import { Signed } from "./Signed";

export const root = createRootRoute({ component: Root, notFoundComponent: Missing });

/** What anybody may read. */
export const everybody = createRoute({ getParentRoute: () => root, id: "everybody" });

/** What is behind a sign-in; who signs in there stays at the address that was asked for. */
export const signed = createRoute({ getParentRoute: () => root, id: "signed", component: Signed });
