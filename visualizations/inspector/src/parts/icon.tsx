/** Line drawings on a grid of 16, 1.5 wide; they take the colour of the text. */
const PATHS = {
  apps: 'M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5h-4.5zM2.5 9h4.5v4.5h-4.5zM9 9h4.5v4.5h-4.5z',
  check: 'M3 8.5l3.2 3.2L13 5',
  chevron: 'M6 3.5l4.5 4.5L6 12.5',
  clear: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  dark: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
  down: 'M8 2.5v8.5M4.5 7.5L8 11l3.5-3.5M3 13.5h10',
  engine: 'M8 5.5v-3M5 2.5h6M3 5.5h10v8H3zM6 9.5h4',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  fleet: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  keyboard: 'M1.5 4h13v8h-13zM4 7h.01M7 7h.01M10 7h.01M12 7h.01M5 9.5h6',
  light:
    'M8 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  link: 'M7 4.5l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5L7.5 13a3.2 3.2 0 0 1-4.5-4.5L4.5 7M6 10l4-4',
  next: 'M4 3l6 5-6 5zM12 3v10',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M4.5 3l8 5-8 5z',
  plus: 'M8 3v10M3 8h10',
  previous: 'M12 3L6 8l6 5zM4 3v10',
  record: 'M8 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8z',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9zM10.5 10.5L14 14',
  stop: 'M4 4h8v8H4z',
  system: 'M2 3h12v8H2zM6 13.5h4M8 11v2.5',
  trace: 'M2 12l3.5-5 3 3L14 3.5',
  up: 'M8 13.5V5M4.5 8.5L8 5l3.5 3.5M3 2.5h10',
  warning: 'M8 2L15 14H1zM8 6.5v3.5M8 12h.01',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
