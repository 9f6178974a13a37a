import type { FakeUser } from "./state.ts";

const people = {
  writer: { id: "u-writer", name: "mira", displayName: "Mira Writer" },
  reader: { id: "u-reader", name: "rolf", displayName: "Rolf Reader" },
  stranger: { id: "u-stranger", name: "sam", displayName: "Sam Stranger" },
  bot: { id: "u-bot", name: "otherbot", displayName: "Other Bot", app: true },
  self: { id: "u-openhands", name: "openhands", displayName: "OpenHands" },
  admin: { id: "u-admin", name: "admin", displayName: "Administrator" },
} as const satisfies Record<string, FakeUser>;

/** Cloud knows people by their account id alone. */
export const accountsOf = (cloud: boolean): Readonly<Record<keyof typeof people, FakeUser>> => {
  const { writer, reader, stranger, bot, self, admin } = people;
  const flavoured = (user: FakeUser): FakeUser => (cloud ? { ...user, name: user.id } : user);
  return {
    writer: flavoured(writer),
    reader: flavoured(reader),
    stranger: flavoured(stranger),
    bot: flavoured(bot),
    self: flavoured(self),
    admin: flavoured(admin),
  };
};
