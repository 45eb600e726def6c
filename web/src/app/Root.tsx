import { Anchor, Center, Loader } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { renew, session } from "../api/session";
import { useStore } from "../shared/store";
import { Announcer, Notices } from "./Notices";

const SignIn = lazy(() => import("./SignIn").then((module) => ({ default: module.SignIn })));
const AGAIN = 3_000;

/** Everything is behind a sign-in; the cookie of an earlier one is tried first. */
export function Root() {
  const signed = useStore(session);
  useEffect(() => {
    if (signed.state !== "unknown") return;
    const ask = () => void renew().catch(() => undefined);
    ask();
    const timer = setInterval(ask, AGAIN);
    return () => clearInterval(timer);
  }, [signed.state]);
  return (
    <>
      <Suspense fallback={<Waiting />}>
        {signed.state === "unknown" ? <Waiting /> : signed.state === "out" ? <SignIn /> : <Outlet />}
      </Suspense>
      <Notices />
      <Announcer />
    </>
  );
}

export function Waiting() {
  const { t } = useTranslation();
  return (
    <Center h="100dvh" role="status" aria-label={t("app.loading")}>
      <Loader type="dots" />
    </Center>
  );
}

export function Missing() {
  const { t } = useTranslation();
  return (
    <Center component="main" h="100dvh">
      <div>
        <h1>{t("app.notFound")}</h1>
        <Anchor component={Link} to="/console">
          {t("app.toConsole")}
        </Anchor>
      </div>
    </Center>
  );
}
