import { describe, expect, it } from "vitest";
import { hear } from "./hear.ts";
import { comment, ear, envelope, heard, issue, mara, reviewer } from "./hear-samples.ts";

describe("an account that a person shares with us", () => {
  const own =
    (complete = true) =>
    () => ({ known: [{ id: "11", login: "mara", shared: true }], complete });
  const said = (body: string, user = mara) => ({
    ...envelope,
    action: "created",
    issue,
    comment: { ...comment, user, body },
  });
  const marked = "<!-- ask-openhands:r1.abc -->\nWorking on it. Say @openhands stop to stop.";

  it("asks like anybody else, while our own posts with it are recognised by their marker", () => {
    expect(heard("issue_comment", said("@openhands fix"), { own: own() }).author.kind).toBe("person");
    expect(heard("issue_comment", said(marked), { own: own() }).author.kind).toBe("self");
  });

  it("lets nobody else pass for us by copying a marker, unless our account is not known yet", () => {
    expect(heard("issue_comment", said(marked, reviewer), { own: own() }).author.kind).toBe("person");
    expect(heard("issue_comment", said(marked, reviewer), { own: own(false) }).author.kind).toBe("self");
  });

  it("stays the person's when it is assigned or named, an account of our own does not", () => {
    const assigned = { ...envelope, action: "assigned", issue, assignee: mara };
    const bots = {
      own: () => ({ known: [{ id: "11", login: "mara", shared: false }], complete: true }),
      handle: "@openhands",
    };
    expect(hear("issues", assigned, { ...ear, own: own() }).heard).toBe("ignored");
    expect(heard("issues", assigned, bots).way).toBe("assignment");
    const named = said("@Mara and @mara-x, (@mara) fix", reviewer);
    expect(heard("issue_comment", named, bots).text).toBe("@openhands and @mara-x, (@openhands) fix");
    expect(heard("issue_comment", named, { own: own(), handle: "@openhands" }).text).toContain("@Mara");
  });
});
