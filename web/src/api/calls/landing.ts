/** What anybody may ask of the API: prices, terms, and what each way to be answered costs. */
import { answer, api } from "../client";
import type { Comparison, Documents, Offers, Workload } from "../types";

export const readOffers = (): Promise<Offers> => answer(api.GET("/v1/plans"));

export const compareCosts = (body: Workload): Promise<Comparison> =>
  answer(api.POST("/v1/cost-comparison", { body }));

export const readDocuments = (): Promise<Documents> => answer(api.GET("/v1/terms"));
