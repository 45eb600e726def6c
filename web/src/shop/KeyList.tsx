import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "../shared/Confirm";
import { Asked } from "../shared/Empty";
import { notify } from "../shared/notices";
import page from "../shared/page.module.css";
import classes from "./shop.module.css";

interface Key {
  id: string;
  label: string;
  revoked: boolean;
}

interface KeyListProps<K extends Key> {
  says: { title: string; help: string; none: string; ends: string; ended: string };
  asked: UseQueryResult<{ keys: K[] }>;
  /** What stands beside a key's label. */
  about: (one: K) => ReactNode;
  /** What else can be done with a key that works. */
  use?: (one: K) => ReactNode;
  revoke: (id: string) => Promise<unknown>;
  /** The dialog in which a key is made. */
  making: (close: () => void) => ReactNode;
}

/** Keys of one sort: those there are, how one is made and how one is ended. */
export function KeyList<K extends Key>({ says, asked, about, use, revoke, making }: KeyListProps<K>) {
  const { t } = useTranslation("shop");
  const id = useId();
  const [open, setOpen] = useState(false);
  const [ending, setEnding] = useState<K | null>(null);
  return (
    <section className={page.panel} aria-labelledby={id}>
      <div className={page.head}>
        <h2 id={id}>{says.title}</h2>
        <Button variant="default" onClick={() => setOpen(true)}>
          {t("keys.make")}
        </Button>
      </div>
      <p className={page.muted}>{says.help}</p>
      <Asked of={asked}>
        {({ keys }) =>
          keys.length === 0 ? (
            <p>{says.none}</p>
          ) : (
            <ul className={classes.list}>
              {keys.map((one) => (
                <li key={one.id} className={classes.item}>
                  <span className={classes.grow}>
                    <b>{one.label}</b> {about(one)}
                  </span>
                  {one.revoked ? (
                    <span className={classes.tag}>{t("keys.isRevoked")}</span>
                  ) : (
                    <span className={page.actions}>
                      {use?.(one)}
                      <Button variant="default" onClick={() => setEnding(one)}>
                        {t("keys.revoke")}
                      </Button>
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
      {open && making(() => setOpen(false))}
      {ending && (
        <Confirm
          danger
          title={t("keys.revokeTitle", { label: ending.label })}
          verb={t("keys.revoke")}
          act={async () => {
            await revoke(ending.id);
            notify(says.ended);
          }}
          close={() => setEnding(null)}
        >
          <p>{says.ends}</p>
        </Confirm>
      )}
    </section>
  );
}
