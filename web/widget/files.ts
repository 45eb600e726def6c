// A file goes from the browser to the store with a form that the server signed; the server then looks into it.
import type { Said, Upload } from "./api";
import type { Talk } from "./chat";
import { uuid } from "./chat";
import type { Texts } from "./texts";

export const KINDS = "image/png,image/jpeg,image/webp,image/gif,application/pdf,text/plain";
export const MOST = 5;
const MAX_BYTES = 10_000_000;

/** Send files as one message and return why one was not taken, or nothing. */
export async function sendFiles(chat: Talk, files: File[], texts: Texts): Promise<string> {
  const sent: string[] = [];
  let problem = "";
  for (const file of files) {
    const { id, why } = await upload(chat, file, texts);
    if (id) sent.push(id);
    problem ||= why ?? "";
  }
  if (!sent.length) return problem;
  const answer = await chat.about<Said>("POST", "/files/send", { files: sent }, uuid());
  if (!answer || answer.status >= 300) return texts.fileFailed;
  await chat.look();
  return problem;
}

async function upload(chat: Talk, file: File, texts: Texts): Promise<{ id?: string; why?: string }> {
  if (file.size > MAX_BYTES) return { why: texts.fileTooLarge };
  const about = { name: file.name.normalize(), size: file.size, type: file.type || "text/plain" };
  const asked = await chat.about<Upload>("POST", "/files", about, uuid());
  if (!asked?.body || asked.status >= 300) return { why: refusal(asked?.code, texts) };
  const form = new FormData();
  for (const [name, value] of Object.entries(asked.body.upload.fields)) form.append(name, value);
  form.append("file", file);
  // Whether it has arrived is for the server to say: a page may not be allowed to read the store's answer.
  await fetch(asked.body.upload.url, { method: "POST", body: form }).catch(() => undefined);
  const id = asked.body.file;
  const ready = await chat.about("POST", `/files/${id}/ready`, undefined, uuid());
  return ready && ready.status < 300 ? { id } : { why: refusal(ready?.code, texts) };
}

function refusal(code: string | undefined, texts: Texts): string {
  if (code === "file_too_large") return texts.fileTooLarge;
  return code === "file_refused" ? texts.fileRefused : texts.fileFailed;
}
