import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "../shared/Confirm";
import { Copy } from "../shared/Copy";
import page from "../shared/page.module.css";

/** A secret that is shown this once. */
export function Once(props: { title: string; help: string; secret: string; close: () => void }) {
  const { t } = useTranslation("shared");
  return (
    <Dialog title={props.title} close={props.close} firm>
      <div className={page.form}>
        <p>{props.help}</p>
        <pre className={page.code}>{props.secret}</pre>
        <div className={page.actions}>
          <Copy text={props.secret} />
          <Button variant="default" onClick={props.close}>
            {t("close")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
