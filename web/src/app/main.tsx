import "./styles";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { ready } from "../i18n";
import { useStore } from "../shared/store";
import { Boundary } from "./Boundary";
import { query } from "./query";
import { router } from "./router";
import { scheme } from "./scheme";
import { settings } from "./settings";
import { theme } from "./theme";

/** Mantine without the style elements that it would add: the theme's variables are a style sheet of the build. */
function App() {
  const chosen = useStore(settings).scheme;
  useEffect(() => scheme.choose(chosen), [chosen]);
  return (
    <MantineProvider
      theme={theme}
      withCssVariables={false}
      withStaticClasses={false}
      withGlobalClasses={false}
      colorSchemeManager={scheme.manager}
      defaultColorScheme={chosen}
    >
      <Boundary>
        <QueryClientProvider client={query}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </Boundary>
    </MantineProvider>
  );
}

const root = document.getElementById("root");
if (root) {
  void ready.then(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
