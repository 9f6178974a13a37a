import { expect, it } from "vitest";
import { createSlots } from "./slots.ts";

it("gives each waiting thing a number of its own, and a freed number to the next one", () => {
  const slots = createSlots<string>();
  const [one, two] = [slots.put("one"), slots.put("two")];
  expect(one).not.toBe(two);
  expect(slots.take(one)).toBe("one");
  expect(slots.take(one)).toBeUndefined();
  expect(slots.put("three")).toBe(one);
  expect(slots.all().toSorted()).toEqual(["three", "two"]);
});
