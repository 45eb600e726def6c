/** The stories of contacts, as far as this page has read them. */
import { useQuery } from "@tanstack/react-query";
import { readAnswers, readDrafts, readFiles, readPanel, readStory } from "../api/calls";
import type { Contact, FileShown, Ref, Said, Story } from "../api/types";
import { partsOf, refOf } from "../api/types";
import { query } from "../app/query";
import { met } from "./shops";

const LOOK_AGAIN = 15_000;
const HOUR = 3_600_000;

export function useStory(ref: Ref | null) {
  return useQuery({
    queryKey: ["story", ref],
    queryFn: async () => met(await readStory(ref as Ref)),
    enabled: ref !== null,
    staleTime: HOUR,
  });
}

/** The drafts on the server, and who else looks. */
export function useDrafts(ref: Ref, mine: boolean) {
  return useQuery({
    queryKey: ["drafts", ref],
    queryFn: () => readDrafts(ref),
    enabled: mine,
    refetchInterval: () => (document.hidden ? false : LOOK_AGAIN),
    retry: false,
  });
}

export function usePanel(ref: Ref, mine: boolean) {
  return useQuery({ queryKey: ["panel", ref], queryFn: () => readPanel(ref), enabled: mine, staleTime: HOUR });
}

export function useAnswers(ref: Ref) {
  const { tenant } = partsOf(ref);
  return useQuery({
    queryKey: ["answers", tenant],
    queryFn: async () => (await readAnswers(tenant)).answers,
    staleTime: 5 * 60_000,
  });
}

const NO_FILES: FileShown[] = [];

/** The files of a conversation, looked for anew when the customer has said more. */
export function useFiles(story: Story, mine: boolean): FileShown[] {
  const ref = refOf(story.contact);
  const said = story.messages.filter((one) => one.author === "customer").length;
  const asked = useQuery({
    queryKey: ["files", ref, said],
    queryFn: () => readFiles(ref),
    enabled: mine,
    staleTime: HOUR,
    placeholderData: (before) => before,
  });
  return asked.data ?? NO_FILES;
}

export function story(ref: Ref): Story | undefined {
  return query.getQueryData<Story>(["story", ref]);
}

export function keepStory(found: Story): Ref {
  const ref = refOf(found.contact);
  met(found);
  query.setQueryData(["story", ref], found);
  return ref;
}

/** Take over a contact as an answer has it. */
export function keepContact(contact: Contact): void {
  query.setQueryData<Story>(["story", refOf(contact)], (now) =>
    now ? { ...now, contact: { ...now.contact, ...contact, customer: now.contact.customer } } : now,
  );
}

/** Add what was said; the version that it made is one more than the version before it. */
export function keepSaid(ref: Ref, said: Said): void {
  query.setQueryData<Story>(["story", ref], (now) => {
    if (!now || now.messages.some((one) => one.id === said.id)) return now;
    const contact = { ...now.contact, version: now.contact.version + 1 };
    return { ...now, contact, messages: [...now.messages, said] };
  });
}

export function reread(ref: Ref): Promise<unknown> {
  return query.refetchQueries({ queryKey: ["story", ref] });
}
