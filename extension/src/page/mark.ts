/** Two hands asking: our mark, drawn as one line. */
export const mark =
  "M3 9V5.5a1.25 1.25 0 0 1 2.5 0V8M5.5 7.5v-4a1.25 1.25 0 0 1 2.5 0v4M8 7.5v-3a1.25 1.25 0 0 1 2.5 0V9M10.5 8a1.25 1.25 0 0 1 2.5 0v1.5c0 3-2 4.5-4.5 4.5S4 13 3 9";
