// What a trace says of the page's main thread between two of its marks.
export const CATEGORIES = [
  "blink.user_timing",
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-devtools.timeline.frame",
];
export const BEGIN = "bench:begin";
export const END = "bench:end";
const LONG = 50_000;

export interface Seen {
  /** Of the longest task, in milliseconds. */
  longest: number;
  /** Processor time of the task that took most of it, in milliseconds: less than `longest` where others ran between. */
  busiest: number;
  /** How many tasks took more than 50 ms. */
  long: number;
  tasks: number;
  frames: number;
  /** Each long task in milliseconds: all of it, its processor time, and those parts of it that took 5 or more. */
  causes: Record<string, number>[];
}

interface Event {
  name: string;
  cat: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { data?: { functionName?: string; url?: string; type?: string } };
}

/** Read a trace; throws if its marks are not there, since nothing was measured then. */
export function read(trace: Buffer): Seen {
  const { traceEvents: events } = JSON.parse(trace.toString()) as { traceEvents: Event[] };
  const mark = (name: string) => {
    const found = events.find((one) => one.name === name && one.cat.includes("blink.user_timing"));
    if (!found) throw new Error(`the trace has no mark ${name}`);
    return found;
  };
  const [begin, end] = [mark(BEGIN), mark(END)];
  const within = events.filter(
    ({ pid, ts, dur = 0 }) => pid === begin.pid && ts + dur >= begin.ts && ts <= end.ts,
  );
  const main = within.filter((one) => one.tid === begin.tid);
  const tasks = main.filter((one) => one.name === "RunTask" && one.ph === "X");
  if (!tasks.length) throw new Error("the trace has no tasks");
  const long = tasks.filter(({ dur = 0 }) => dur > LONG);
  return {
    longest: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1000,
    busiest: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
    long: long.length,
    tasks: tasks.length,
    frames: within.filter((one) => one.name === "DrawFrame").length,
    causes: long.map((task) => parts(task, main)),
  };
}

function parts(task: Event, main: Event[]): Record<string, number> {
  const until = task.ts + (task.dur ?? 0);
  const found: Record<string, number> = { all: ms(task.dur), processor: ms(task.tdur) };
  for (const one of main) {
    if (one === task || one.ph !== "X" || one.ts < task.ts || one.ts + (one.dur ?? 0) > until) continue;
    const about = one.args?.data;
    const name = [one.name, about?.type ?? about?.functionName].filter(Boolean).join(" ");
    found[name] = (found[name] ?? 0) + ms(one.dur);
  }
  return Object.fromEntries(Object.entries(found).filter(([name, took]) => took >= 5 || name === "processor"));
}

function ms(micro = 0): number {
  return Math.round(micro / 100) / 10;
}
