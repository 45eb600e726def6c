/** What the finance desk asks of the API, one function for each; `version` is the one that the person has seen. */
import { answer, api } from "../client";
import type { components } from "../schema";

type Schemas = components["schemas"];

export type PeriodLine = Schemas["PeriodLine"];
export type Period = Schemas["PeriodView"];
export type PeriodState = Period["state"];
export type Move = Schemas["MoveView"];
export type BreakLine = Schemas["BreakLine"];
export type Break = Schemas["BreakView"];
export type Cause = Break["cause"];
export type Repaired = Schemas["RepairView"];
export type Register = Schemas["RegisterView"];
export type AgingLine = Schemas["AgingLine"];
export type AccountLine = Schemas["AccountLine"];
export type Dispute = Schemas["DisputeView"];
export type Correction = Schemas["CorrectionView"];
export type CorrectionAsked = Schemas["CorrectionIn"];

/** Which shop's month. */
export interface Place {
  tenant: string;
  month: string;
}

/** Which rows of a list are wanted, and in which order, as the address of the page has it. */
export interface Selection {
  sort?: string;
  where?: string;
}

const PERIOD = "/v1/tenants/{tenant}/periods/{month}";
const seen = (path: Place, version: number) => ({ path, header: { "If-Match": String(version) } });

export const readPeriods = (query: Selection & { month: string }) =>
  answer(api.GET("/v1/finance/periods", { params: { query } }));

export const readPeriod = (path: Place) => answer(api.GET(PERIOD, { params: { path } }));

export const closeMonth = (path: Place, version: number) =>
  answer(api.POST(`${PERIOD}/close`, { params: seen(path, version) }));

export const askReopening = (path: Place, version: number, reason: string) =>
  answer(api.POST(`${PERIOD}/reopen`, { params: seen(path, version), body: { reason } }));

export const approveReopening = (path: Place, version: number) =>
  answer(api.POST(`${PERIOD}/reopen/approve`, { params: seen(path, version) }));

export const repairMonth = (path: Place) => answer(api.POST(`${PERIOD}/repair`, { params: { path } }));

export const readBreaks = (query: Selection) => answer(api.GET("/v1/finance/breaks", { params: { query } }));

export const readMonthBreaks = ({ tenant, month }: Place) =>
  answer(api.GET("/v1/tenants/{tenant}/breaks", { params: { path: { tenant }, query: { month } } }));

export const explainBreak = (tenant: string, one: Break, body: { cause: Cause; note: string }) =>
  answer(
    api.POST("/v1/tenants/{tenant}/breaks/{break}/resolve", {
      params: { path: { tenant, break: one.id }, header: { "If-Match": String(one.version) } },
      body,
    }),
  );

export const approveBreak = (tenant: string, one: Break) =>
  answer(
    api.POST("/v1/tenants/{tenant}/breaks/{break}/approve", {
      params: { path: { tenant, break: one.id }, header: { "If-Match": String(one.version) } },
    }),
  );

/** A register's query: `tenant` is left out for all shops. */
export interface RegisterAsked extends Selection {
  month: string;
  tenant?: string;
  cursor?: string;
}

export const readRegister = (register: string, query: RegisterAsked) =>
  answer(api.GET("/v1/finance/registers/{register}", { params: { path: { register }, query } }));

export const fileRegister = (register: string, query: Omit<RegisterAsked, "cursor">) =>
  answer(api.POST("/v1/finance/registers/{register}/file", { params: { path: { register }, query } }));

export const readAging = (query: Selection & { at?: string }) =>
  answer(api.GET("/v1/finance/aging", { params: { query } }));

export const readJournal = (month: string) =>
  answer(api.GET("/v1/finance/journal", { params: { query: { month } } }));

export const readDisputes = () => answer(api.GET("/v1/disputes"));

export const decideDispute = ({ tenant, id }: Dispute, body: { uphold: boolean; reason: string }) =>
  answer(
    api.POST("/v1/tenants/{tenant}/disputes/{dispute}/decide", {
      params: { path: { tenant, dispute: id } },
      body,
    }),
  );

export const readCorrections = () => answer(api.GET("/v1/finance/corrections"));

export const askCorrection = (tenant: string, body: CorrectionAsked, key: string) =>
  answer(
    api.POST("/v1/tenants/{tenant}/credit-notes", {
      params: { path: { tenant }, header: { "Idempotency-Key": key } },
      body,
    }),
  );

export const approveCorrection = ({ tenant, id }: Correction) =>
  answer(
    api.POST("/v1/tenants/{tenant}/credit-notes/{correction}/approve", {
      params: { path: { tenant, correction: id } },
    }),
  );

export const refuseCorrection = ({ tenant, id }: Correction, reason: string) =>
  answer(
    api.POST("/v1/tenants/{tenant}/credit-notes/{correction}/refuse", {
      params: { path: { tenant, correction: id } },
      body: { reason },
    }),
  );
