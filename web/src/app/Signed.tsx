import { Anchor, Center, Text } from "@mantine/core";
import { Link, Navigate, Outlet } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { renew, session } from "../api/session";
import type { Kind, Person } from "../api/types";
import { useStore } from "../shared/store";
import { homeOf } from "./homes";
import { Waiting } from "./Root";

const SignIn = lazy(() => import("./SignIn").then((module) => ({ default: module.SignIn })));
const AGAIN = 3_000;

/** What is behind a sign-in; the cookie of an earlier one is tried first. */
export function Signed() {
  const signed = useStore(session);
  useRenewed();
  if (signed.state === "unknown") return <Waiting />;
  return <Suspense fallback={<Waiting />}>{signed.state === "out" ? <SignIn /> : <Outlet />}</Suspense>;
}

/** Find out whether somebody is signed in, as long as that is not known. */
export function useRenewed(): void {
  const { state } = useStore(session);
  useEffect(() => {
    if (state !== "unknown") return;
    const ask = () => void renew().catch(() => undefined);
    ask();
    const timer = setInterval(ask, AGAIN);
    return () => clearInterval(timer);
  }, [state]);
}

/** Who is signed in; null for nobody. */
export function usePerson(): Person | null {
  const signed = useStore(session);
  return signed.state === "in" ? signed.person : null;
}

/** Whoever has signed in goes to where their work is. */
export function Arrived() {
  const person = usePerson();
  return person ? <Navigate to={homeOf(person)} replace /> : null;
}

/** What only these kinds of people see; a shop's people need a shop, too. The API refuses the rest in any case. */
export function Only({ kinds, children }: { kinds: readonly Kind[]; children: ReactNode }) {
  const { t } = useTranslation();
  const person = usePerson();
  if (!person) return null;
  if (person.kind === "owner" && !person.tenant) return <Navigate to="/sign-up" replace />;
  if (kinds.includes(person.kind)) return children;
  return (
    <Center component="main" h="100dvh" p="md">
      <div>
        <h1>{t("app.notYours")}</h1>
        <Text my="md">{t("app.notYoursHelp")}</Text>
        <Anchor component={Link} to={homeOf(person)}>
          {t("app.toStart")}
        </Anchor>
      </div>
    </Center>
  );
}
