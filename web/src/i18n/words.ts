/** The texts of another language: English has a form for one, which Korean has not. */
export type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> } & {
  [one: `${string}_one`]: string;
};
