import { expect, it } from "vitest";
import { keepUnheard, unheardIn } from "./unheard.ts";

const conversation = { agent: "a", id: "c", memo: { folder: "/work" } };

it("a message is kept as it was said, without its secrets, beside what else is remembered", () => {
  const images = ["data:image/png;base64,AA=="];
  const kept = keepUnheard(conversation, {
    id: "x:1",
    text: "Do it.",
    images,
    secrets: { TOKEN: "value" },
    again: false,
  });
  const both = keepUnheard(kept, { id: "x:2", text: "And that.", again: false });
  expect(unheardIn(both)).toEqual([
    { id: "x:1", text: "Do it.", images, again: true },
    { id: "x:2", text: "And that.", again: true },
  ]);
  expect(both.memo?.["folder"]).toBe("/work");
  expect(JSON.stringify(both)).not.toContain("value");
});

it("large pictures are not stored with every look; the message says that they are missing", () => {
  const kept = keepUnheard(conversation, {
    id: "x:1",
    text: "Look.",
    images: ["i".repeat(600_000)],
    again: false,
  });
  expect(unheardIn(kept)).toEqual([
    { id: "x:1", text: expect.stringMatching(/^Look\.\n\n.*did not arrive/), again: true },
  ]);
});
