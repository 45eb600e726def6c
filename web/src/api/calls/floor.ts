/** What leads and admins ask of the API about the floor, one function for each. */
import { answer, api } from "../client";
import type { components } from "../schema";

type Schemas = components["schemas"];

export type Floor = Schemas["FloorView"];
export type Pool = Schemas["PoolView"];
export type FloorShop = Schemas["FloorShopView"];
export type FloorAgent = Schemas["FloorAgentView"];
export type Incident = Schemas["IncidentView"];
export type IncidentAsked = Schemas["IncidentIn"];
export type Calendar = Schemas["CalendarView"];
export type Member = Schemas["PersonView"];
export type Invited = Schemas["TeamPersonIn"];

/** A contact as the floor knows it. */
export interface Held {
  tenant: string;
  contact: string;
}

export const pollFloor = (headers: Record<string, string>) => api.GET("/v1/floor", { headers });

export const reassign = (path: Held, to: string) =>
  answer(api.POST("/v1/tenants/{tenant}/contacts/{contact}/reassign", { params: { path }, body: { to } }));

/** Call a shop's reserve in until then, or off with null. */
export const callReserve = (tenant: string, until: string | null) =>
  answer(api.POST("/v1/tenants/{tenant}/reserve", { params: { path: { tenant } }, body: { until } }));

export const announceIncident = (body: IncidentAsked, key: string) =>
  answer(api.POST("/v1/incidents", { params: { header: { "Idempotency-Key": key } }, body }));

export const endIncident = (incident: string) =>
  answer(api.POST("/v1/incidents/{incident}/end", { params: { path: { incident } } }));

/** Say for which shops an agent answers; null for all of the pool. */
export const certify = (agent: string, tenants: string[] | null) =>
  answer(api.PUT("/v1/floor/agents/{agent}/certified", { params: { path: { agent } }, body: { tenants } }));

export const readCalendars = () => answer(api.GET("/v1/promotions"));

export const readTeam = () => answer(api.GET("/v1/team"));

export const invite = (body: Invited, key: string) =>
  answer(api.POST("/v1/team", { params: { header: { "Idempotency-Key": key } }, body }));

export const offBoard = (person: string) =>
  answer(api.POST("/v1/team/{person}/off-board", { params: { path: { person } } }));

export const resetAuthenticator = (person: string, reason: string) =>
  answer(api.POST("/v1/team/{person}/reset-authenticator", { params: { path: { person } }, body: { reason } }));

export const readLetters = () => answer(api.GET("/v1/letters"));

export const readLetter = (letter: string, language: string) =>
  answer(api.GET("/v1/letters/{letter}", { params: { path: { letter }, query: { language } } }));
