/** Values for the address of a link, which is all plain texts here. */
export function searching(values: Record<string, string>): never {
  return values as never;
}
