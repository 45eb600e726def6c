import { ActionIcon, Badge, Button, Collapse, Kbd, Menu } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { partsOf, type Ref, type Shop, type Story } from "../api/types";
import { settings } from "../app/settings";
import { colourOf } from "../shared/colour";
import { full, time } from "../shared/dates";
import { Icon } from "../shared/icons";
import { type Command, label } from "../shared/keys";
import { useStore } from "../shared/store";
import classes from "./Band.module.css";
import { run } from "./commands";
import { ShopTile } from "./ShopTile";
import { useShop } from "./shops";
import { useHeading } from "./useHeading";

const WON = new Intl.NumberFormat("ko-KR");
const MORE: Command[] = ["callback", "sendLater", "merge", "release", "spam", "hand", "stop"];

/** Whose voice the agent has now: the screen becomes that shop. */
export function Band({ contact, story, mine }: { contact: Ref; story: Story | undefined; mine: boolean }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  const rules = useId();
  const heading = useHeading();
  const { tenant } = partsOf(contact);
  const shop = story?.shop;
  const { name, colour } = useShop(tenant);
  const book = shop?.handbook;
  return (
    <section
      className={classes.band}
      style={{ "--shop": colourOf(tenant, colour) } as React.CSSProperties}
      aria-label={t("band.label", { shop: name })}
    >
      <div className={classes.top}>
        <ShopTile id={tenant} name={name} colour={colour} size={38} />
        <div className={classes.who}>
          <h1 ref={heading} tabIndex={-1} className={classes.name} data-testid="shop-name">
            {name}
            {shop?.name_en && shop.name_en !== name && (
              <span className={classes.english} lang="en">
                {shop.name_en}
              </span>
            )}
          </h1>
          {shop && <p className={classes.facts}>{<Facts shop={shop} story={story} />}</p>}
        </div>
        {mine && <Tools contact={contact} handUp={!!story?.contact.hand_at} />}
      </div>
      {shop && (
        <div className={classes.voice}>
          <span className={classes.tone}>{shop.persona.tone}</span>
          <span className={classes.donts}>
            {(book?.donts ?? []).slice(0, 3).map((line) => (
              <span key={line} className={classes.dont}>
                <Icon name="cross" size={11} /> <span className="spoken">{t("band.donts")}: </span>
                {line}
              </span>
            ))}
          </span>
          <Button
            size="compact-xs"
            variant="transparent"
            className={classes.toggle}
            aria-expanded={whole}
            aria-controls={rules}
            aria-label={t(whole ? "band.collapse" : "band.expand")}
            onClick={() => setWhole(!whole)}
          >
            {t(whole ? "band.collapse" : "band.expand")}
          </Button>
        </div>
      )}
      {shop && (
        <Collapse expanded={whole} id={rules}>
          <Rules shop={shop} />
        </Collapse>
      )}
    </section>
  );
}

function Facts({ shop, story }: { shop: Shop; story: Story }) {
  const { t } = useTranslation();
  const { language } = useStore(settings);
  const { handbook: book, opens_at: opensAt } = shop;
  const opens = opensAt ? new Date(opensAt) : null;
  const soon = opens && opens.getTime() - Date.now() < 20 * 3_600_000;
  const won = book?.refund_limit_won;
  return (
    <>
      <span>{t("band.persona", { name: shop.persona.agent_name })}</span>
      {shop.open_now !== undefined && (
        <span className={classes.hours} data-open={shop.open_now || undefined}>
          {t(shop.open_now ? "band.open" : "band.closed")}
          {!shop.open_now && opens && ` · ${t("band.opensAt", { at: (soon ? time : full)(opens, language) })}`}
        </span>
      )}
      <span>{won ? t("band.refund", { won: WON.format(won) }) : t("band.noRefund")}</span>
      <span>{t(`channel.${story.contact.channel}`)}</span>
      <span>{t(`status.${story.contact.status}`)}</span>
    </>
  );
}

function Tools({ contact, handUp }: { contact: Ref; handUp: boolean }) {
  const { t } = useTranslation();
  const named = (command: Command) => (command === "hand" && handUp ? t("act.lowerHand") : t(`act.${command}`));
  return (
    <div className={classes.tools} role="toolbar" aria-label={t("act.label")}>
      {(["resolve", "snooze", "transfer"] as const).map((command) => (
        <Button
          key={command}
          size="compact-md"
          variant={command === "resolve" ? "light" : "default"}
          aria-keyshortcuts={label(command)}
          rightSection={
            <Kbd size="xs" className={classes.key}>
              {label(command)}
            </Kbd>
          }
          onClick={() => run(command, contact, true)}
        >
          {t(`act.${command}`)}
        </Button>
      ))}
      <Menu position="bottom-end" width={230} withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={t("app.more")}>
            <Icon name="dots" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {MORE.map((command) => (
            <Menu.Item
              key={command}
              {...(command === "stop" ? { c: "var(--mantine-color-error)" } : {})}
              rightSection={<Kbd size="xs">{label(command)}</Kbd>}
              onClick={() => run(command, contact, true)}
            >
              {named(command)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t("bar.panel")}
        aria-keyshortcuts="D"
        title={`${t("bar.panel")} · D`}
        onClick={() => run("panel", contact, true)}
      >
        <Icon name="person" />
      </ActionIcon>
    </div>
  );
}

/** Everything that a shop wants its agents to know. */
function Rules({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const book = shop.handbook ?? {};
  const called = book.address_as && t(book.address_as === "full" ? "band.addressFull" : "band.addressGiven");
  return (
    <div className={classes.rules}>
      <Lines title={t("band.dos")} lines={[...(called ? [called] : []), ...(book.dos ?? [])]} />
      <Lines title={t("band.donts")} lines={book.donts ?? []} />
      <Lines title={t("band.greeting")} lines={[shop.persona.greeting]} />
      <Lines title={t("band.signature")} lines={[shop.persona.signature]} />
      {!!book.forbidden?.length && (
        <div>
          <h2>{t("band.forbidden")}</h2>
          <ul>
            {book.forbidden.map((one) => (
              <li key={one.word}>
                <s>{one.word}</s> {one.instead && t("band.instead", { word: one.instead })}{" "}
                {one.severity === "refuse" && (
                  <Badge size="xs" color="red" variant="light">
                    {t("band.refuses")}
                  </Badge>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {!!book.links?.length && (
        <div>
          <h2>{t("band.links")}</h2>
          <ul>
            {book.links.map((one) => (
              <li key={one.url}>
                <a href={one.url} target="_blank" rel="noreferrer noopener">
                  {one.label}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Lines({ title, lines }: { title: string; lines: string[] }) {
  if (!lines.length) return null;
  return (
    <div>
      <h2>{title}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
