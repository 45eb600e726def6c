import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked, Empty } from "../shared/Empty";
import shared from "../shared/page.module.css";
import { useFloor } from "./floor";
import { Announce } from "./Incidents";
import { PoolPanel } from "./PoolPanel";
import { At } from "./Since";

/** Every pool that the person leads, as it is now. */
export function FloorPage() {
  const { t } = useTranslation("floor");
  const floor = useFloor();
  const [announcing, setAnnouncing] = useState(false);
  return (
    <div className={shared.page}>
      <div className={shared.head}>
        <h1>{t("now.title")}</h1>
        <div className={shared.actions}>
          {floor.data && (
            <span className={shared.muted}>
              {t("now.asOf")} <At of={floor.data.as_of} />
            </span>
          )}
          <Button variant="default" onClick={() => setAnnouncing(true)}>
            {t("incident.announce")}
          </Button>
        </div>
      </div>
      <Asked of={floor}>
        {(found) =>
          found.pools.length === 0 ? (
            <Empty title={t("now.none")} help={t("now.noneHelp")} icon="people" />
          ) : (
            found.pools.map((pool) => <PoolPanel key={pool.pool} pool={pool} />)
          )
        }
      </Asked>
      {announcing && <Announce pools={floor.data?.pools ?? []} close={() => setAnnouncing(false)} />}
    </div>
  );
}
