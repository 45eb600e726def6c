import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Choice, choose, type Sections } from "../../api/calls/shop";
import { query } from "../../app/query";
import { Confirm } from "../../shared/Confirm";
import { notify } from "../../shared/notices";
import { useWho } from "../who";
import { About, Channels, Goals, Scope, Surge, Voice } from "./forms";
import { Hours } from "./Hours";
import { CapEditor, PlanEditor } from "./Plan";

interface EditorProps {
  title: string;
  choice: Choice;
  close: () => void;
}

export interface FormProps<S extends keyof Sections> {
  body: Sections[S];
  put: (body: Sections[S]) => void;
}

const FORMS: { [S in keyof Sections]: (props: FormProps<S>) => React.ReactNode } = {
  about: About,
  goals: Goals,
  scope: Scope,
  hours: Hours,
  voice: Voice,
  channels: Channels,
  surge: Surge,
};

/** Change one section; it is saved whole, and against the version that was seen. */
export function Editor(props: EditorProps) {
  const { section } = props.choice;
  if (section === "plan") return <PlanEditor {...props} />;
  if (section === "cap") return <CapEditor {...props} />;
  return section in FORMS ? <OfProfile {...props} section={section as keyof Sections} /> : null;
}

function OfProfile<S extends keyof Sections>({ title, choice, close, section }: EditorProps & { section: S }) {
  const { t } = useTranslation("shop");
  const { tenant } = useWho();
  const [body, setBody] = useState(choice.body as unknown as Sections[S]);
  // What is typed was begun on this version: a newer one is not overwritten unseen.
  const [version] = useState(choice.version);
  const Form = FORMS[section] as (props: FormProps<S>) => React.ReactNode;
  async function save(): Promise<void> {
    try {
      await choose(tenant, section, body, version);
      notify(t("settings.saved", { section: title }));
    } finally {
      await anew(tenant);
    }
  }
  return (
    <Confirm title={title} verb={t("settings.save")} act={save} close={close}>
      <Form body={body} put={setBody} />
    </Confirm>
  );
}

/** What was chosen shows on every page: the wizard's too. */
export async function anew(tenant: string): Promise<void> {
  await Promise.all(
    [
      [tenant, "choices"],
      [tenant, "versions"],
      [tenant, "plan"],
      [tenant, "bill"],
      ["choices", tenant],
    ].map((queryKey) => query.invalidateQueries({ queryKey })),
  );
}
