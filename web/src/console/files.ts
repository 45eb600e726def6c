/** Files of customers and agents: sent to the store, looked through by the server, and shown by signed links. */
import { announceFile, linkFile, makeFileReady } from "../api/calls";
import { Refused, Unreachable } from "../api/errors";
import type { FileShown, Ref } from "../api/types";
import { why } from "../i18n";
import { notify } from "../shared/notices";

export const LARGEST = 10 * 1024 * 1024;
export const MOST = 5;
export const TYPES = "image/png,image/jpeg,image/webp,image/gif,application/pdf,text/plain";

/** Bring a file to the desk; throws `Refused` for one that is not taken. */
export async function upload(ref: Ref, file: File): Promise<FileShown> {
  if (file.size > LARGEST) throw new Refused(413, "too_large");
  const name = file.name.normalize("NFC");
  const about = { name, size: file.size, type: file.type || "text/plain" };
  const place = await announceFile(ref, about, crypto.randomUUID());
  const form = new FormData();
  for (const [field, value] of Object.entries(place.upload.fields)) form.append(field, value);
  form.append("file", file);
  const stored = await fetch(place.upload.url, { method: "POST", body: form }).catch(() => {
    throw new Unreachable();
  });
  if (!stored.ok) throw new Refused(stored.status, "file_refused");
  return makeFileReady(ref, place.file);
}

/** Save a file on this machine. */
export async function openFile(ref: Ref, file: string): Promise<void> {
  try {
    const { url } = await linkFile(ref, file);
    window.open(url, "_blank", "noopener,noreferrer");
  } catch (error) {
    notify(why(error), { bad: true });
  }
}
