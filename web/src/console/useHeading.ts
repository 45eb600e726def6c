import { useEffect, useRef } from "react";
import { useStore } from "../shared/store";
import { focusAsk } from "./actions";

/** The heading takes the focus when another contact, or none, is shown by a key: its name is heard first. */
export function useHeading() {
  const heading = useRef<HTMLHeadingElement>(null);
  const ask = useStore(focusAsk);
  useEffect(() => {
    if (ask.id && ask.what === "heading") heading.current?.focus();
  }, [ask]);
  return heading;
}
