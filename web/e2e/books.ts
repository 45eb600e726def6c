// Books of a month as the API tells them, with everything in them that takes a stage weeks to come by.
import type { Page } from "@playwright/test";
import type { components } from "../src/api/schema";

type Schemas = components["schemas"];

export const MONTH = "2026-10";
const SHOPS = ["danbi", "onyubeauty", "namujip", "mungmeal", "chargeon", "haetsalfarm"];
const STATES = ["closing", "open", "reconciled", "invoiced", "locked", "locked"] as const;

const periods: Schemas["PeriodsView"] = {
  month: MONTH,
  shops: 6,
  states: { open: 1, closing: 1, reconciled: 1, invoiced: 1, locked: 2 },
  contacts: 14_212,
  won: 12_873_400,
  breaks: 3,
  periods: SHOPS.map((tenant, place) => ({
    tenant,
    state: STATES[place] ?? "open",
    contacts: [1_204, 312, 4_871, 2_905, 4_017, 903][place] ?? 0,
    won: [1_083_600, 280_800, 4_383_900, 2_614_500, 3_697_900, 812_700][place] ?? 0,
    breaks: place === 0 ? 3 : 0,
  })),
};

const ASKED = "할인 계약이 10월분에 빠져 있어 다시 계산해야 합니다.";

/** A month that has come so far. */
function period(state: Schemas["PeriodState"]): Schemas["PeriodView"] {
  const way = ["open", "closing", "reconciled", "invoiced", "locked"] as const;
  const why = [
    "",
    "the month has ended",
    "contacts, ledger and Stripe agree",
    "the invoice is final",
    "bill and invoice agree",
  ];
  const past = way.slice(1, way.indexOf(state) + 1);
  const sealed = state === "locked";
  return {
    tenant: "danbi",
    month: MONTH,
    state,
    version: way.indexOf(state) + 1,
    contacts: 1_204,
    won: 1_083_600,
    breaks: state === "closing" ? 3 : 0,
    plan: "standard/2",
    invoice: way.indexOf(state) > 2 ? "in_1QfJ2LHk3dWb7Xa0" : "",
    asked_by: sealed ? "finance:3f9c1d20aa" : "",
    asked_why: sealed ? ASKED : "",
    seal: sealed ? "9f2c4be1d07a7713a1c0b64e5ddc21c0f7b0d2e1a94c33b7be0d1e9a6c5f0042" : "",
    history: past.map((one, place) => ({
      state: one,
      at: `2026-11-0${place + 3}T01:10:00Z`,
      by: place === 0 ? "close" : "finance:3f9c1d20aa",
      why: why[way.indexOf(one)] ?? "",
      contacts: 1_204,
      won: 1_083_600,
    })),
  };
}

const broken = (
  number: number,
  rule: Schemas["Rule"],
  more: Partial<Schemas["BreakView"]>,
): Schemas["BreakView"] => ({
  id: `${MONTH}-${rule}-${number}`,
  month: MONTH,
  rule,
  item: "human/2026-10-14T05",
  left: 12,
  right: 17,
  difference: 5,
  cause: "unknown_usage",
  owner: "finance",
  status: "open",
  version: 1,
  first_seen: "2026-11-04T00:20:00Z",
  last_seen: "2026-11-06T00:20:00Z",
  resolution: "",
  resolved_by: "",
  approver: "",
  ...more,
});

const breaks: Schemas["BreakView"][] = [
  broken(1, "R2", {}),
  broken(2, "R4", {
    item: "usage:human",
    left: 1_083_600,
    right: 1_082_700,
    difference: -900,
    cause: "price_differs",
    status: "answered",
    resolution: "10월 14일에 요금표가 바뀐 뒤 한 건이 이전 단가로 청구됐습니다.",
    resolved_by: "finance:3f9c1d20aa",
  }),
  broken(3, "R0", {
    item: "4f1d6c0a9b7e4d53a1c2e8f00b9d7c61-1",
    left: 1,
    right: 0,
    difference: -1,
    cause: "missed",
    owner: "operations",
  }),
];

const lines: Schemas["OpenBreaksView"] = {
  total: 3,
  breaks: breaks.map((one, place) => ({
    tenant: "danbi",
    id: one.id,
    rule: one.rule,
    cause: one.cause,
    status: one.status,
    owner: one.owner,
    difference: one.difference,
    since: "2026-11-04",
    days: place + 2,
  })),
};

const repaired: Schemas["RepairView"] = {
  repaired: ["human/2026-10-14T05", "human/2026-10-14T06"],
  left: [
    {
      id: `${MONTH}-R2-9`,
      rule: "R2",
      item: "human/2026-10-02T11",
      cause: "unknown_usage",
      difference: 3,
      why: "too_old",
    },
  ],
};

const BUCKETS = ["current", "1-30", "31-60", "61-90", "90+"];
const buckets = (...won: number[]) => Object.fromEntries(BUCKETS.map((one, place) => [one, won[place] ?? 0]));

const aging: Schemas["AgingView"] = {
  as_of: "2026-11-22",
  buckets: buckets(5_120_000, 880_000, 0, 0, 132_000),
  total: 6_132_000,
  shops: [
    { tenant: "namujip", buckets: buckets(4_822_290), total: 4_822_290 },
    { tenant: "danbi", buckets: buckets(297_710, 880_000), total: 1_177_710 },
    { tenant: "mungmeal", buckets: buckets(0, 0, 0, 0, 132_000), total: 132_000 },
  ],
};

const journal: Schemas["JournalView"] = {
  month: MONTH,
  debit: 27_034_140,
  credit: 27_034_140,
  accounts: [
    { period: "2026-10", account: "미청구채권", debit: 12_873_400, credit: 0, balance: 12_873_400 },
    { period: "2026-10", account: "매출", debit: 0, credit: 12_873_400, balance: -12_873_400 },
    { period: "2026-11", account: "외상매출금", debit: 14_160_740, credit: 0, balance: 14_160_740 },
    { period: "2026-11", account: "미청구채권", debit: 0, credit: 12_873_400, balance: -12_873_400 },
    { period: "2026-11", account: "부가세예수금", debit: 0, credit: 1_287_340, balance: -1_287_340 },
  ],
};

const corrections: Schemas["CorrectionsView"] = {
  corrections: [
    {
      tenant: "danbi",
      id: "c0ffee00c0ffee00c0ffee00c0ffee00",
      invoice: "in_1QfJ2LHk3dWb7Xa0",
      won: 99_000,
      reason: "11월 3일 장애로 답변이 늦어진 상담 100건을 빼 드립니다.",
      refund: false,
      state: "asked",
      asked_at: "2026-11-20T02:00:00Z",
      asked_by: "finance:3f9c1d20aa",
      decided_at: null,
      decided_by: "",
      note: "",
      why: "",
    },
  ],
};

const disputes: Schemas["DisputesView"] = {
  disputes: [
    {
      tenant: "danbi",
      id: "0a1b2c3d4e5f60718293a4b5c6d7e8f9-1",
      contact: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
      episode: 1,
      month: MONTH,
      meter: "human",
      reason: "광고 글에 답한 상담이에요. 저희 손님이 아니었어요.",
      state: "open",
      opened_at: "2026-11-19T05:30:00Z",
      opened_by: "owner:8d21a7c3",
      link: "",
      answer: "",
      decided_at: null,
      won: 0,
    },
  ],
  cursor: null,
};

/** Have a page read these books instead of the stage's own; the month of the one shop is in this state. */
export async function open(page: Page, state: Schemas["PeriodState"]): Promise<void> {
  const answers: [string, object][] = [
    ["/v1/finance/periods", periods],
    [`/v1/tenants/danbi/periods/${MONTH}/repair`, repaired],
    [`/v1/tenants/danbi/periods/${MONTH}`, period(state)],
    ["/v1/tenants/danbi/breaks", { breaks: state === "closing" ? breaks : [] }],
    ["/v1/finance/breaks", lines],
    ["/v1/finance/aging", aging],
    ["/v1/finance/journal", journal],
    ["/v1/finance/corrections", corrections],
    ["/v1/disputes", disputes],
  ];
  await page.unrouteAll();
  for (const [path, json] of answers) {
    await page.route(
      (url) => url.pathname === path,
      (route) => route.fulfill({ json }),
    );
  }
}
