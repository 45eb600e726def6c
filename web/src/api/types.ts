/** The words of the API that the pages speak, as its own description has them. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Person = Schemas["PersonView"];
export type People = Schemas["PeopleView"];
export type Kind = Person["kind"];
export type Session = Schemas["SessionView"];
export type Story = Schemas["StoryView"];
export type Contact = Schemas["ContactView"];
export type Said = Schemas["SaidView"];
export type Happened = Schemas["EventView"];
export type Shop = Schemas["ShopView"];
export type Handbook = Schemas["HandbookView"];
export type Details = Schemas["DetailsView"];
export type Unmasked = Schemas["UnmaskedView"];
export type Desk = Schemas["DeskView"];
export type Hand = Schemas["chalicelib.contacts.bodies.HandView"];
export type Draft = Schemas["DraftView"];
export type Drafts = Schemas["DraftsView"];
export type CannedAnswer = Schemas["CannedView"];
export type Finding = Schemas["FindingView"];
export type Panel = Schemas["CustomerView"];
export type Colleague = Schemas["ColleagueView"];
export type Past = Schemas["PastView"];
export type FileShown = Schemas["FileView"];
export type Reply = Schemas["ReplyIn"];
export type Resolved = Schemas["ResolveIn"];
export type Later = Schemas["LaterIn"];
export type LaterKind = Later["kind"];
export type StopReason = Schemas["StopIn"]["reason"];
export type BreakKind = Schemas["BreakIn"]["kind"];

export type Two = Schemas["WordsView"];
export type Plan = Schemas["PlanView"];
export type Offers = Schemas["OffersView"];
export type Workload = Schemas["WorkloadIn"];
export type Comparison = Schemas["ComparisonView"];
export type Documents = Schemas["DocumentsView"];
export type NewShop = Schemas["ShopIn"];
export type Trade = NewShop["kind"];
export type Setup = Schemas["SetupView"];
export type Choice = Schemas["ChoiceView"];
export type Intent = Schemas["Intent"];
export type Channel = Schemas["Channel"];
export type Diagnosis = Schemas["DiagnosisView"];
export type Report = Schemas["Report"];
export type Rehearsal = Schemas["RehearsalView"];
export type WidgetKey = Schemas["WidgetKeyView"];

/** Which contact, as agents hold it: `tenant/contact`. */
export type Ref = `${string}/${string}`;

export function refOf(contact: { tenant: string; id: string }): Ref {
  return `${contact.tenant}/${contact.id}`;
}

export function partsOf(ref: Ref): { tenant: string; contact: string } {
  const [tenant = "", contact = ""] = ref.split("/");
  return { tenant, contact };
}
