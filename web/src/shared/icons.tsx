/** The few icons, drawn on a grid of 20; each stands beside a name. */
const PATHS = {
  search: "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM13 13l4 4",
  help: "M7.6 7.4a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.7M10 14.4v.1M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15Z",
  gear: "M10 7.4a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2ZM10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M15.3 4.7l-1.4 1.4M6.1 13.9l-1.4 1.4",
  chart: "M3.5 16.5h13M5.5 13.5V9M10 13.5v-9M14.5 13.5V7",
  person: "M10 3.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5",
  chevron: "M5 7.5l5 5 5-5",
  back: "M12.5 5l-5 5 5 5",
  dots: "M5 10h.01M10 10h.01M15 10h.01",
  clip: "M14.5 9.5 9 15a3.2 3.2 0 0 1-4.5-4.5l6-6a2.1 2.1 0 0 1 3 3l-6 6a1 1 0 0 1-1.5-1.4L11 7",
  lines: "M4 5.5h12M4 10h12M4 14.5h7",
  hand: "M7 10.5V5a1.2 1.2 0 0 1 2.4 0v4.5V3.7a1.2 1.2 0 0 1 2.4 0v5.8V5a1.2 1.2 0 0 1 2.4 0v7a5 5 0 0 1-5 5c-2.3-.1-3.3-1.1-4.2-3.2L3.6 10.8c-.4-1.2 1-1.8 1.7-.8L7 12",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  down: "M10 4v12M5 11l5 5 5-5",
  cross: "M5 5l10 10M15 5 5 15",
  check: "M4 10.5l4 4 8-9",
  home: "M3.5 9.5 10 4l6.5 5.5M5.5 8.5v7.5h9V8.5",
  inbox: "M3.5 11.5 5.5 4.5h9l2 7v4.5h-13ZM3.5 11.5h4c.3 1.5 1.2 2.2 2.5 2.2s2.2-.7 2.5-2.2h4",
  receipt: "M5 3.5h10v13l-2-1.4-1.5 1.4-1.5-1.4-1.5 1.4-1.5-1.4-2 1.4ZM7.5 7.5h5M7.5 10.5h5",
  calendar: "M3.5 5h13v11.5h-13ZM3.5 8.5h13M7 3v3M13 3v3",
  target: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM10 10h.01",
  people:
    "M7.5 4a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM2.5 16c.4-2.8 2.3-4.2 5-4.2s4.6 1.4 5 4.2M13 4.3a2.5 2.5 0 0 1 0 4.6M14.5 12.2c1.7.5 2.7 1.8 3 3.8",
  key: "M6.5 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM9.5 10h7.5v3M14 10v2.5",
  plug: "M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0ZM10 15v2.5",
  globe:
    "M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15ZM2.5 10h15M10 2.5c2.2 2 3.2 4.5 3.2 7.5s-1 5.5-3.2 7.5c-2.2-2-3.2-4.5-3.2-7.5s1-5.5 3.2-7.5",
  out: "M8 3.5H4v13h4M8.5 10H17M13.5 6.5 17 10l-3.5 3.5",
  copy: "M7 7h9v9H7ZM4 13V4h9",
  upload: "M10 13V4M6 7.5 10 3.5l4 4M3.5 13v3.5h13V13",
  warn: "M10 3.5 17.5 16.5h-15ZM10 8.5v3.5M10 14.2v.1",
  lock: "M5 9h10v7.5H5ZM7 9V6.5a3 3 0 0 1 6 0V9",
  book: "M10 5.5C8.5 4.3 6.3 4 3.5 4v11.5c2.8 0 5 .3 6.5 1.5 1.5-1.2 3.7-1.5 6.5-1.5V4c-2.8 0-5 .3-6.5 1.5ZM10 5.5V17",
  clock: "M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15ZM10 5.5V10l3 2",
  mail: "M3 5h14v10.5H3ZM3 5.5l7 5.5 7-5.5",
  sort: "M7 4v12M4 13l3 3 3-3M13 16V4M10 7l3-3 3 3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden focusable="false">
      <path
        d={PATHS[name]}
        stroke="currentColor"
        strokeWidth={name === "dots" ? 3 : 1.6}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
