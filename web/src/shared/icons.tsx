/** The few icons of the console, drawn on a grid of 20; each stands beside a name. */
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
  hand: "M7 10.5V5a1.2 1.2 0 0 1 2.4 0v4.5V3.7a1.2 1.2 0 0 1 2.4 0v5.8V5a1.2 1.2 0 0 1 2.4 0v7a5 5 0 0 1-5 5c-2.300-.1-3.300-1.100-4.200-3.200L3.600 10.800c-.4-1.200 1-1.800 1.700-.8L7 12",
  eye: "M2.500 10S5 5 10 5s7.500 5 7.500 5-2.500 5-7.500 5-7.500-5-7.500-5ZM10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  down: "M10 4v12M5 11l5 5 5-5",
  cross: "M5 5l10 10M15 5 5 15",
  check: "M4 10.500l4 4 8-9",
} as const;

export function Icon({ name, size = 18 }: { name: keyof typeof PATHS; size?: number }) {
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
