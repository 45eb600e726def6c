// Answers `/v1` for one agent from memory. Routes and answers have the API's own types: what changes there breaks this.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { paths } from "../src/api/schema";
import { agent, desk, files, HELD, panel, story } from "./desk.ts";

type Method = "get" | "post" | "put";
type Answer<P extends keyof paths, M extends Method> = paths[P][M] extends {
  responses: { 200: { content: { "application/json": infer A } } };
}
  ? A
  : never;

interface Route {
  method: string;
  pattern: RegExp;
  say: (contact: number, body: string) => unknown;
}

const CONTACT = "/v1/tenants/{tenant}/contacts/{contact}";
/** Contacts from here on change while the console is open, one between any two looks at the desk. */
const QUIET = 40;

function route<P extends keyof paths, M extends Method>(
  method: M,
  path: P,
  say: (contact: number, body: string) => Answer<P, M>,
): Route {
  const pattern = path.replace("{contact}", "(?<contact>[0-9a-f]+)").replace(/\{\w+\}/g, "[^/]+");
  return { method: method.toUpperCase(), pattern: new RegExp(`^${pattern}$`), say };
}

/** Serve a desk at a free port of this machine; each look at it finds one contact changed. */
export async function serve(): Promise<Server> {
  const versions = Array.from({ length: HELD }, () => 2);
  let looks = 0;
  const routes = [
    route("post", "/v1/session/refresh", () => ({ token: "bench", expires_in: 3_600, person: agent })),
    route("post", "/v1/agents/me/heartbeat", () => desk([]).agent),
    route("get", "/v1/agents/me/desk", () => {
      const moved = QUIET + (looks++ % (HELD - QUIET));
      versions[moved] = (versions[moved] ?? 0) + 1;
      return desk(versions);
    }),
    route("get", CONTACT, (contact) => story(contact, versions[contact] ?? 0)),
    route("get", `${CONTACT}/customer`, panel),
    route("get", `${CONTACT}/files`, (contact) => ({ files: files(contact) })),
    route("get", `${CONTACT}/drafts`, () => ({ drafts: [], viewers: [] })),
    route("put", `${CONTACT}/drafts/reply`, (_, body) => ({
      ...(JSON.parse(body) as { text: string }),
      mode: "reply" as const,
      agent: "mina",
      at: new Date().toISOString(),
    })),
    route("post", `${CONTACT}/check`, () => ({ findings: [] })),
  ];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part.toString();
    });
    request.on("end", () => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      const found = routes.find((one) => one.method === request.method && one.pattern.test(path));
      const contact = Number.parseInt(found?.pattern.exec(path)?.groups?.contact ?? "0", 16);
      if (found) say(response, 200, found.say(contact, body), `"${looks}"`);
      else missed(response, `${request.method} ${path}`);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

function missed(response: ServerResponse, what: string): void {
  process.stderr.write(`nobody answers ${what}\n`);
  say(response, 404, { error: { code: "not_found", message: what } }, "");
}

function say(response: ServerResponse, status: number, body: unknown, tag: string): void {
  const content = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": content.length, ETag: tag });
  response.end(content);
}
