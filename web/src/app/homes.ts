import type { Person } from "../api/types";

/** The page where a person's work is; who has signed up and founded no shop goes on with that. */
export function homeOf(person: Person): "/console" | "/floor" | "/finance" | "/shop" | "/sign-up" {
  switch (person.kind) {
    case "agent":
      return "/console";
    case "lead":
    case "admin":
      return "/floor";
    case "finance":
      return "/finance";
    default:
      return person.tenant ? "/shop" : "/sign-up";
  }
}
