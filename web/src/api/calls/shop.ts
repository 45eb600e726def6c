/** What a shop's pages ask of the API, one function for each; the tenant is always the one of who has signed in. */
import { answer, api } from "../client";
import type { components } from "../schema";

type Schemas = components["schemas"];

export type Bill = Schemas["BillView"];
export type MonthBill = Schemas["MonthBillView"];
export type BillLine = Schemas["chalicelib.bills.views.LineView"];
export type Usage = Schemas["UsageView"];
export type UsageLine = Schemas["chalicelib.bills.usage_views.EntryView"];
export type Dispute = Schemas["DisputeView"];
export type Overflow = Schemas["OverflowView"];
export type Setup = Schemas["SetupView"];
export type ShopContact = Schemas["ContactView"];
export type FoundCustomer = Schemas["FoundView"];
export type Promotion = Schemas["PromotionView"];
export type PromotionDraft = Schemas["PromotionIn"];
export type Preview = Schemas["PreviewView"];
export type Staffing = Schemas["StaffingView"];
export type Results = Schemas["ResultsView"];
export type Figure = Schemas["Figure"];
export type ResultCell = Schemas["Cell"];
export type ShopPerson = Schemas["PersonView"];
export type Role = Schemas["ShopRoleIn"]["kind"];
export type PermissionChange = Schemas["ChangeView"];
export type ServerKey = Schemas["ServerKeyView"];
export type WidgetKey = Schemas["WidgetKeyView"];
export type Hook = Schemas["HookView"];
export type HookEvent = Schemas["Event"];
export type Delivery = Schemas["DeliveryView"];
export type Access = Schemas["AccessView"];
export type Choice = Schemas["ChoiceView"];
export type Identity = Schemas["IdentityView"];
export type Intent = Schemas["Intent"];
export type Channel = Schemas["Channel"];
export type ContactStatus = Schemas["chalicelib.contacts.model.Status"];
export type Spoken = Schemas["WordsView"];

const TENANT = "/v1/tenants/{tenant}";
const CONTACT = "/v1/tenants/{tenant}/contacts/{contact}";

const of = (tenant: string) => ({ path: { tenant } });
const keyed = (tenant: string, key: string) => ({ path: { tenant }, header: { "Idempotency-Key": key } });
const seen = (tenant: string, version: number) => ({
  path: { tenant },
  header: { "If-Match": String(version) },
});
const seenContact = (tenant: string, contact: string, version: number) => ({
  path: { tenant, contact },
  header: { "If-Match": String(version) },
});

export const readBill = (tenant: string, month?: string) =>
  answer(api.GET(`${TENANT}/bill`, { params: { path: { tenant }, query: month ? { month } : {} } }));

export const readBills = (tenant: string, cursor: string) =>
  answer(api.GET(`${TENANT}/bills`, { params: { path: { tenant }, query: cursor ? { cursor } : {} } }));

export interface UsageAsked {
  month?: string;
  contact?: string;
  cursor?: string;
}

/** The lines of a month, the newest first; `headers` carry what is known already. */
export const askUsage = (tenant: string, asked: UsageAsked, headers: Record<string, string> = {}) =>
  api.GET(`${TENANT}/usage`, { params: { path: { tenant }, query: { order: "newest", ...asked } }, headers });

export const askOverflow = (tenant: string, headers: Record<string, string> = {}) =>
  api.GET(`${TENANT}/overflow`, { params: of(tenant), headers });

export const askIncidents = (headers: Record<string, string> = {}) => api.GET("/v1/incidents", { headers });

export const readSetup = (tenant: string) => answer(api.GET(`${TENANT}/setup`, { params: of(tenant) }));

export const dispute = (tenant: string, body: Schemas["DisputeIn"], key: string) =>
  answer(api.POST(`${TENANT}/disputes`, { params: keyed(tenant, key), body }));

export const readDisputes = (tenant: string, cursor: string) =>
  answer(api.GET(`${TENANT}/disputes`, { params: { path: { tenant }, query: cursor ? { cursor } : {} } }));

export interface ContactsAsked {
  status: string;
  intent?: string;
  channel?: string;
  customer?: string;
  cursor?: string;
}

export const readContacts = (tenant: string, query: ContactsAsked) =>
  answer(api.GET(`${TENANT}/contacts`, { params: { path: { tenant }, query } }));

export const findCustomers = (tenant: string, by: "phone" | "mail" | "order_number", value: string) =>
  answer(api.GET(`${TENANT}/customers`, { params: { path: { tenant }, query: { [by]: value } } }));

export const readStory = (tenant: string, contact: string) =>
  answer(api.GET(CONTACT, { params: { path: { tenant, contact } } }));

export const answerOurselves = (
  tenant: string,
  contact: string,
  text: string,
  seen: { key: string; version: number },
) =>
  answer(
    api.POST(`${CONTACT}/answer-ourselves`, {
      params: {
        path: { tenant, contact },
        header: { "Idempotency-Key": seen.key, "If-Match": String(seen.version) },
      },
      body: { text },
    }),
  );

/** What needs nothing but the contact. */
export const move = (
  tenant: string,
  contact: string,
  what: "give" | "reopen" | "spam" | "undo-spam",
  version: number,
) => answer(api.POST(`${CONTACT}/${what}`, { params: seenContact(tenant, contact, version) }));

export const readPromotions = (tenant: string) => answer(api.GET(`${TENANT}/promotions`, { params: of(tenant) }));

export const readPromotion = (tenant: string, promotion: string) =>
  answer(api.GET(`${TENANT}/promotions/{promotion}`, { params: { path: { tenant, promotion } } }));

export const previewPromotion = (tenant: string, body: PromotionDraft) =>
  answer(api.POST(`${TENANT}/promotions/preview`, { params: of(tenant), body }));

export const announcePromotion = (tenant: string, body: PromotionDraft, key: string) =>
  answer(api.POST(`${TENANT}/promotions`, { params: keyed(tenant, key), body }));

export const cancelPromotion = (tenant: string, promotion: string) =>
  answer(api.POST(`${TENANT}/promotions/{promotion}/cancel`, { params: { path: { tenant, promotion } } }));

export const readResults = (tenant: string, from: string, to: string) =>
  answer(api.GET(`${TENANT}/results`, { params: { path: { tenant }, query: { from, to } } }));

export const readPeople = (tenant: string) => answer(api.GET(`${TENANT}/people`, { params: of(tenant) }));

export const invite = (tenant: string, mail: string, kind: Role) =>
  answer(api.POST(`${TENANT}/people`, { params: of(tenant), body: { mail, kind } }));

export const changeRole = (tenant: string, person: string, kind: Role) =>
  answer(api.POST(`${TENANT}/people/{person}/role`, { params: { path: { tenant, person } }, body: { kind } }));

export const letOut = (tenant: string, person: string) =>
  answer(api.POST(`${TENANT}/people/{person}/remove`, { params: { path: { tenant, person } } }));

export const resetAuthenticator = (tenant: string, person: string, reason: string) =>
  answer(
    api.POST(`${TENANT}/people/{person}/reset-authenticator`, {
      params: { path: { tenant, person } },
      body: { reason },
    }),
  );

export const readPermissionChanges = (tenant: string, cursor: string) =>
  answer(
    api.GET(`${TENANT}/permission-changes`, { params: { path: { tenant }, query: cursor ? { cursor } : {} } }),
  );

export const readServerKeys = (tenant: string) => answer(api.GET(`${TENANT}/server-keys`, { params: of(tenant) }));

export const makeServerKey = (tenant: string, label: string, key: string) =>
  answer(api.POST(`${TENANT}/server-keys`, { params: keyed(tenant, key), body: { label } }));

export const revokeServerKey = (tenant: string, key: string) =>
  answer(api.POST(`${TENANT}/server-keys/{key}/revoke`, { params: { path: { tenant, key } } }));

export const readWidgetKeys = (tenant: string) => answer(api.GET(`${TENANT}/widget-keys`, { params: of(tenant) }));

export const makeWidgetKey = (tenant: string, body: Schemas["WidgetKeyIn"], key: string) =>
  answer(api.POST(`${TENANT}/widget-keys`, { params: keyed(tenant, key), body }));

export const revokeWidgetKey = (tenant: string, key: string) =>
  answer(api.POST(`${TENANT}/widget-keys/{key}/revoke`, { params: { path: { tenant, key } } }));

export const readHooks = (tenant: string) => answer(api.GET(`${TENANT}/hooks`, { params: of(tenant) }));

export const addHook = (tenant: string, body: Schemas["HookIn"], key: string) =>
  answer(api.POST(`${TENANT}/hooks`, { params: keyed(tenant, key), body }));

export const removeHook = (tenant: string, hook: string) =>
  answer(api.POST(`${TENANT}/hooks/{hook}/remove`, { params: { path: { tenant, hook } } }));

export const testHook = (tenant: string, hook: string) =>
  answer(api.POST(`${TENANT}/hooks/{hook}/test`, { params: { path: { tenant, hook } } }));

export const readDeliveries = (tenant: string, hook: string, cursor: string) =>
  answer(
    api.GET(`${TENANT}/hooks/{hook}/deliveries`, {
      params: { path: { tenant, hook }, query: cursor ? { cursor } : {} },
    }),
  );

export const resend = (tenant: string, hook: string, delivery: string) =>
  answer(
    api.POST(`${TENANT}/hooks/{hook}/deliveries/{delivery}/resend`, {
      params: { path: { tenant, hook, delivery } },
    }),
  );

export const readAccesses = (tenant: string, month: string, cursor: string) =>
  answer(
    api.GET(`${TENANT}/access-records`, {
      params: { path: { tenant }, query: { ...(month && { month }), ...(cursor && { cursor }) } },
    }),
  );

export const readChoices = (tenant: string) => answer(api.GET(`${TENANT}/choices`, { params: of(tenant) }));

export const readVersions = (tenant: string, section: string, cursor: string) =>
  answer(
    api.GET(`${TENANT}/choices/{section}/versions`, {
      params: { path: { tenant, section }, query: cursor ? { cursor } : {} },
    }),
  );

export interface Sections {
  about: Schemas["AboutIn"];
  goals: Schemas["GoalsIn"];
  scope: Schemas["ScopeIn"];
  hours: Schemas["HoursIn"];
  voice: Schemas["VoiceIn"];
  channels: Schemas["ChannelsIn"];
  surge: Schemas["SurgeIn"];
}

/** Choose in a section; each has a body of its own, which the type of the caller's tells. */
export const choose = <S extends keyof Sections>(tenant: string, section: S, body: Sections[S], version: number) =>
  answer(
    api.PUT(`${TENANT}/choices/${section as "goals"}`, {
      params: seen(tenant, version),
      body: body as Schemas["GoalsIn"],
    }),
  );

export const readPlan = (tenant: string) => answer(api.GET(`${TENANT}/plan`, { params: of(tenant) }));

export const readOffers = () => answer(api.GET("/v1/plans"));

export const choosePlan = (tenant: string, plan: string, since: string, version: number) =>
  answer(api.PUT(`${TENANT}/plan`, { params: seen(tenant, version), body: { plan, since } }));

export const chooseCap = (tenant: string, body: Schemas["CapIn"], version: number) =>
  answer(api.PUT(`${TENANT}/cap`, { params: seen(tenant, version), body }));

export const cardPage = (tenant: string) => answer(api.POST(`${TENANT}/card-setup`, { params: of(tenant) }));

export const paymentPage = (tenant: string) =>
  answer(api.POST(`${TENANT}/payment-portal`, { params: of(tenant) }));

export const readIdentity = (tenant: string) =>
  answer(api.GET(`${TENANT}/billing-identity`, { params: of(tenant) }));

export const saveIdentity = (tenant: string, body: Schemas["IdentityIn"], version: number) =>
  answer(api.PUT(`${TENANT}/billing-identity`, { params: version ? seen(tenant, version) : of(tenant), body }));

export const readTerms = (tenant: string) => answer(api.GET(`${TENANT}/terms`, { params: of(tenant) }));

export const readDocuments = () => answer(api.GET("/v1/terms"));

export const acceptTerms = (tenant: string, body: Schemas["AcceptsIn"]) =>
  answer(api.POST(`${TENANT}/terms`, { params: of(tenant), body }));

/** A page of all that is held of the shop's customers and contacts. */
export const exportShop = (tenant: string, reason: string, cursor: string) =>
  answer(
    api.POST(`${TENANT}/export`, {
      params: { path: { tenant }, query: cursor ? { cursor } : {} },
      body: { reason },
    }),
  );

export const eraseShop = (tenant: string, confirm: string, reason: Schemas["Ground"]) =>
  answer(api.POST(`${TENANT}/erase`, { params: of(tenant), body: { confirm, reason } }));
