/** Line icons in a square of 16, drawn for this project. */
const paths = {
  mark: "M3 9V5.5a1.25 1.25 0 0 1 2.5 0V8M5.5 7.5v-4a1.25 1.25 0 0 1 2.5 0v4M8 7.5v-3a1.25 1.25 0 0 1 2.5 0V9M10.5 8a1.25 1.25 0 0 1 2.5 0v1.5c0 3-2 4.5-4.5 4.5S4 13 3 9",
  plug: "M6 2v3M10 2v3M4 5h8v2.500a4 4 0 0 1-8 0zM8 11.500V14",
  activity: "M1.500 8.500h3l2-5.500 3 10 2-4.500h3",
  key: "M10.500 2a3.500 3.500 0 1 1-3.300 4.700L2 12v2h2.500v-2h2v-2l1.800-1.800M11 5.200v.1",
  people:
    "M6 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM1.500 13.500c0-2.500 2-4 4.500-4s4.500 1.500 4.500 4M10.500 2.800a2.400 2.400 0 0 1 0 4.500M12 9.800c1.600.5 2.500 1.900 2.500 3.700",
  device: "M2 3.500h12v7.500H2zM5.500 13.500h5",
  list: "M5.500 4H14M5.500 8H14M5.500 12H14M2 4h.5M2 8h.5M2 12h.5",
  sliders: "M2 4.500h6M12 4.500h2M2 11.500h2M8 11.500h6M10 2.800v3.400M6 9.800v3.400",
  person:
    "M8 7.500a2.750 2.750 0 1 0 0-5.500 2.750 2.750 0 0 0 0 5.500zM2.500 14c0-2.800 2.400-4.500 5.500-4.500s5.500 1.700 5.500 4.500",
  check: "M3 8.500l3.500 3.500L13 4.500",
  cross: "M4 4l8 8M12 4l-8 8",
  question: "M6 6a2 2 0 1 1 2.800 1.900c-.6.300-.8.700-.8 1.600M8 12v.1",
  copy: "M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3",
  next: "M6 3.500L10.500 8 6 12.500",
  back: "M10 3.500L5.500 8l4.500 4.500",
  plus: "M8 3v10M3 8h10",
  out: "M9 3h4v4M13 3L7.500 8.500M11 9.500V13H3V5h3.500",
} as const;

export type IconName = keyof typeof paths;

export const Icon = ({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) => (
  <svg className="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
