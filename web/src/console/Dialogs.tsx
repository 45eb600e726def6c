import { Modal } from "@mantine/core";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Ref } from "../api/types";
import { type Dialog, dialog } from "./actions";
import { FiguresBody, HelpBody, PastBody, SettingsBody } from "./dialogs/About";
import { HandBody, MergeBody, StepsBody, TransferBody } from "./dialogs/Handling";
import { LaterBody } from "./dialogs/Later";
import { PaletteBody } from "./dialogs/Palette";
import { RestBody, StopBody } from "./dialogs/Stop";

const WIDE = new Set<Dialog["kind"]>(["help", "past", "palette"]);

/** The one dialog that is open; closing it gives the focus back to where it was. */
export function Dialogs({ shown, opened }: { shown: Dialog; opened: Ref | null }) {
  const { t } = useTranslation();
  const close = () => dialog.set((now) => (now === shown ? null : now));
  return (
    <Modal
      opened
      onClose={close}
      title={title(t, shown)}
      size={WIDE.has(shown.kind) ? "lg" : "md"}
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <Body shown={shown} opened={opened} close={close} />
    </Modal>
  );
}

function title(t: TFunction, shown: Dialog): string {
  switch (shown.kind) {
    case "later":
      return t(`later.${shown.what}`);
    case "past":
      return t("panel.readPast");
    case "rest":
      return t("stop.rest");
    default:
      return t(`${shown.kind}.title`);
  }
}

function Body({ shown, opened, close }: { shown: Dialog; opened: Ref | null; close: () => void }) {
  switch (shown.kind) {
    case "later":
      return <LaterBody contact={shown.ref} kind={shown.what} close={close} />;
    case "transfer":
      return <TransferBody contact={shown.ref} close={close} />;
    case "merge":
      return <MergeBody contact={shown.ref} close={close} />;
    case "hand":
      return <HandBody contact={shown.ref} close={close} />;
    case "stop":
      return <StopBody contact={shown.ref} close={close} />;
    case "rest":
      return <RestBody close={close} />;
    case "steps":
      return <StepsBody shown={shown} close={close} />;
    case "past":
      return <PastBody contact={shown.ref} other={shown.other} />;
    case "palette":
      return <PaletteBody opened={opened} close={close} />;
    case "help":
      return <HelpBody />;
    case "settings":
      return <SettingsBody />;
    case "figures":
      return <FiguresBody />;
  }
}
