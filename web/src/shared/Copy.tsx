import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./icons";
import { announce, notify } from "./notices";

const SHOWN = 2_000;

/** Puts a text into the clipboard, and says so. */
export function Copy({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation("shared");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN);
    return () => clearTimeout(timer);
  }, [copied]);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce(t("copied"));
    } catch {
      notify(t("notCopied"), { bad: true });
    }
  }
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<Icon name={copied ? "check" : "copy"} size={16} />}
      onClick={() => void copy()}
    >
      {copied ? t("copied") : (label ?? t("copy"))}
    </Button>
  );
}
