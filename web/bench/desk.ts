// An agent's desk as the API would show it: contacts of forty shops, and one conversation that has gone on for days.
import type { Contact, Desk, FileShown, Panel, Person, Said, Story } from "../src/api/types";

export const HELD = 1_000;
export const MESSAGES = 500;
const SHOPS = 40;
const CHANNELS = ["chat", "email", "kakao", "board", "talktalk"] as const;
const BEGAN = Date.parse("2026-11-16T00:00:00Z");
const SAID = [
  "네, 감사합니다.",
  "주문한 코트가 아직 출발하지 않았다고 나오는데 언제쯤 받을 수 있을까요? 금요일에 입어야 해서요.",
  "Could you check whether the navy one in size M is still in stock? I would like to exchange it.",
  "운송장은 여기에서 확인하실 수 있습니다: https://tracking.example/parcels/6892345678901?lang=ko",
  "사진 첨부했습니다. 소매 안쪽에 실밥이 풀려 있어요 😢",
  "Thanks! That was quick.",
  "반품 접수를 도와드리겠습니다.\n1. 받으신 상자에 다시 넣어 주세요.\n2. 기사님이 내일 오전에 방문합니다.\n3. 도착하면 3일 안에 환불됩니다.",
];
const LONG = `${SAID.join(" ")}\n`.repeat(5);

export const agent: Person = { id: "person1", kind: "agent", totp: true, agent: "mina", pool: "main" };

const nth = (index: number) => index.toString(16).padStart(32, "0");
const shopOf = (index: number) => `shop${index % SHOPS}`;
const minutes = (count: number) => new Date(BEGAN + count * 60_000).toISOString();

export function contact(index: number, version: number): Contact {
  return {
    id: nth(index),
    tenant: shopOf(index),
    channel: CHANNELS[index % CHANNELS.length] ?? "chat",
    customer: `customer${index}`,
    status: "claimed",
    version,
    episode: 1,
    opened_at: minutes(index),
    changed_at: minutes(7_000 + index),
    weight: 1,
    agent: agent.agent ?? "",
    hand_at: index % 25 === 7 ? minutes(7_000) : "",
  };
}

export function desk(versions: number[]): Desk {
  const held = versions.map((version, index) => contact(index, version));
  const now = new Date();
  return {
    agent: {
      id: "mina",
      name: "mina",
      pool: "main",
      capacity: HELD,
      load: HELD,
      holding: held.map((one) => `${one.tenant}/${one.id}`),
      present_until: new Date(now.getTime() + 90_000).toISOString(),
      version: 1,
    },
    held,
    waiting: HELD,
    notices: [],
    hands: 0,
    now: now.toISOString(),
  };
}

function message(index: number, count: number): Said {
  const text = index % 40 === 9 ? LONG : (SAID[(index * 5) % SAID.length] ?? "");
  const author = index % 19 === 4 ? "note" : index % 2 ? "agent" : "customer";
  // A conversation ends about now, and its days part it.
  const at = minutes(8_600 - (count - index) * 15);
  const said: Said = { id: `said${index}`, author, name: "mina", text: `${index + 1}. ${text}`, at, episode: 1 };
  return author === "agent" ? { ...said, effect: "billable" } : said;
}

/** How many messages a contact has: the first one most, others few or many. */
export function messagesOf(index: number): number {
  return index === 0 ? MESSAGES : 3 + ((index * 37) % 118);
}

export function story(index: number, version: number): Story {
  const count = messagesOf(index);
  const [id, opened] = [shopOf(index), contact(index, version)];
  return {
    contact: opened,
    messages: Array.from({ length: count }, (_, one) => message(one, count)),
    events: [{ id: "event0", action: "claim", actor: "agent:mina", at: opened.opened_at }],
    shop: {
      id,
      name: nameOf(index),
      name_en: `Shop ${index % SHOPS}`,
      persona: { agent_name: "단비", tone: "다정하게", greeting: "안녕하세요, 고객님.", signature: "단비 드림" },
      handbook: {
        colour: colourOf(index),
        donts: ["배송일을 약속하지 않기", "다른 상점을 말하지 않기"],
        steps: [{ id: "order", text: "주문 번호를 확인했습니다", needed: true }],
        refund_limit_won: 50_000,
      },
      open_now: true,
      opens_at: "",
    },
    customer: { name: "김*수" },
  };
}

/** What a browser that has worked for a while knows of the shops, as the console keeps it. */
export function shopsMet(): Record<string, { name: string; colour: string }> {
  const shops = Array.from({ length: SHOPS }, (_, index) => index);
  return Object.fromEntries(
    shops.map((index) => [shopOf(index), { name: nameOf(index), colour: colourOf(index) }]),
  );
}

export function files(index: number): FileShown[] {
  if (index) return [];
  return Array.from({ length: 20 }, (_, one) => ({
    id: `file${one}`,
    name: `소매-${one}.jpg`,
    type: "image/jpeg",
    size: 240_000 + one,
    side: "customer",
    at: minutes(7_000),
    message: `said${one * 24}`,
  }));
}

export function panel(index: number): Panel {
  const past: Contact = { ...contact(index + HELD, 3), tenant: shopOf(index), status: "resolved" };
  return {
    details: { name: "김*수", phone: "010-****-5678", order_number: "2026-1101-77" },
    contacts: [{ contact: past, first_line: SAID[1] ?? "" }],
    other_open: 0,
  };
}

function nameOf(index: number): string {
  return `단비옷장 ${index % SHOPS}호점`;
}

function colourOf(index: number): string {
  return `#${(0x335577 + (index % SHOPS) * 0x050301).toString(16)}`;
}
