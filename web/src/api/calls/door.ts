/** What the front doors ask of the API: signing up, and setting a shop up. */
import { answer, api } from "../client";
import { Unreachable } from "../errors";
import type { paths } from "../schema";
import type {
  Choice,
  Diagnosis,
  Documents,
  NewShop,
  Person,
  Rehearsal,
  Session,
  Setup,
  WidgetKey,
} from "../types";

const T = "/v1/tenants/{tenant}";

const of = (tenant: string) => ({ path: { tenant } });
const keyed = (tenant: string, key: string) => ({ path: { tenant }, header: { "Idempotency-Key": key } });
const seen = (tenant: string, version: number) => ({ path: { tenant }, header: { "If-Match": String(version) } });

/** Accept what is shown: the announced versions where there are any. */
export const acceptDocuments = (tenant: string, shown: Documents) => {
  const terms = (shown.terms_to_come ?? shown.terms).version;
  const subprocessors = (shown.subprocessors_to_come ?? shown.subprocessors).version;
  return answer(api.POST(`${T}/terms`, { params: of(tenant), body: { terms, subprocessors } }));
};

export const signUp = (mail: string, password: string) =>
  answer(api.POST("/v1/sign-up", { body: { mail, password } }));

export const confirmMail = (body: { mail: string; code: string; password: string }) =>
  answer(api.POST("/v1/sign-up/confirm", { body }));

export const sendAgain = (mail: string) => answer(api.POST("/v1/sign-up/resend", { body: { mail } }));

export const signIn = (mail: string, password: string): Promise<Session> =>
  answer(api.POST("/v1/session/start", { body: { mail, password } }));

export const forgot = (mail: string) => answer(api.POST("/v1/password/forgot", { body: { mail } }));

export const resetPassword = (body: { mail: string; code: string; new_password: string }) =>
  answer(api.POST("/v1/password/reset", { body }));

export const foundShop = (body: NewShop, key: string): Promise<Person> =>
  answer(api.POST("/v1/tenants", { params: { header: { "Idempotency-Key": key } }, body }));

export const readSetup = (tenant: string): Promise<Setup> => answer(api.GET(`${T}/setup`, { params: of(tenant) }));

export const readChoices = async (tenant: string): Promise<Choice[]> =>
  (await answer(api.GET(`${T}/choices`, { params: of(tenant) }))).sections;

export type Section = "goals" | "scope" | "hours" | "voice" | "channels" | "about" | "surge";

/** What the API takes of a section. */
export type Chosen<S extends Section> =
  paths[`/v1/tenants/{tenant}/choices/${S}`]["put"]["requestBody"]["content"]["application/json"];

/** Choose a section; the types of all of them are those of the API's own description. */
export function choose<S extends Section>(
  tenant: string,
  section: S,
  body: Chosen<S>,
  version: number,
): Promise<Choice> {
  const path = `${T}/choices/${section}` as `${typeof T}/choices/goals`;
  return answer(api.PUT(path, { params: seen(tenant, version), body: body as Chosen<"goals"> }));
}

export const goLive = (tenant: string): Promise<Setup> => answer(api.POST(`${T}/go-live`, { params: of(tenant) }));

export const rehearse = (tenant: string, text: string, key: string): Promise<Rehearsal> =>
  answer(api.POST(`${T}/rehearsal`, { params: keyed(tenant, key), body: { text } }));

export const readAnswers = async (tenant: string) =>
  (await answer(api.GET(`${T}/answers`, { params: of(tenant) }))).answers;

export const addAnswer = (
  tenant: string,
  body: { title: string; intent: string; shortcut: string; text: string },
  key: string,
) => answer(api.POST(`${T}/answers`, { params: keyed(tenant, key), body }));

export const readWidgetKeys = async (tenant: string): Promise<WidgetKey[]> =>
  (await answer(api.GET(`${T}/widget-keys`, { params: of(tenant) }))).keys;

export const issueWidgetKey = (
  tenant: string,
  body: { origins: string[]; label: string },
  key: string,
): Promise<WidgetKey> => answer(api.POST(`${T}/widget-keys`, { params: keyed(tenant, key), body }));

export const readPeople = async (tenant: string) =>
  (await answer(api.GET(`${T}/people`, { params: of(tenant) }))).people;

export const invite = (tenant: string, body: { mail: string; kind: "owner" | "staff" | "viewer" }, key: string) =>
  answer(api.POST(`${T}/people`, { params: keyed(tenant, key), body }));

export const readPlan = (tenant: string) => answer(api.GET(`${T}/plan`, { params: of(tenant) }));

export const choosePlan = (tenant: string, body: { plan: string; since: string }, version: number) =>
  answer(api.PUT(`${T}/plan`, { params: seen(tenant, version), body }));

export const chooseCap = (tenant: string, body: { won: number; cap: "hard" | "soft" }, version: number) =>
  answer(api.PUT(`${T}/cap`, { params: seen(tenant, version), body }));

export const announceDiagnosis = (tenant: string, body: { name: string; size: number }, key: string) =>
  answer(api.POST(`${T}/diagnoses`, { params: keyed(tenant, key), body }));

export interface Columns {
  at: number;
  text: number;
  channel?: number;
}

export const startDiagnosis = (tenant: string, diagnosis: string, columns?: Columns): Promise<Diagnosis> =>
  answer(
    api.POST(`${T}/diagnoses/{diagnosis}/start`, {
      params: { path: { tenant, diagnosis } },
      body: columns ? { columns } : {},
    }),
  );

export const readDiagnosis = (tenant: string, diagnosis: string): Promise<Diagnosis> =>
  answer(api.GET(`${T}/diagnoses/{diagnosis}`, { params: { path: { tenant, diagnosis } } }));

export const readDiagnoses = async (tenant: string): Promise<Diagnosis[]> =>
  (await answer(api.GET(`${T}/diagnoses`, { params: of(tenant) }))).diagnoses;

/** Send a file to where it was announced; `told` hears how much of it has gone, in percent. */
export function upload(
  form: { url: string; fields: Record<string, string> },
  file: Blob,
  told: (percent: number) => void,
): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append("file", file);
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.url);
    request.upload.onprogress = (event) => told(Math.round((100 * event.loaded) / Math.max(1, event.total)));
    request.onload = () => (request.status < 300 ? done() : failed(new Unreachable()));
    request.onerror = () => failed(new Unreachable());
    request.send(body);
  });
}
