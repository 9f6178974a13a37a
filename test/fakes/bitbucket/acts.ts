import type { Deliveries } from "../deliveries.ts";
import type { BitbucketState, FakeComment, FakeHook, FakePull, FakeRepository, FakeUser } from "./state.ts";

/** Something that happened, in words of the fakes. */
export interface Happening {
  readonly what: "opened" | "changed" | "commented" | "edited" | "removed";
  readonly pull: FakePull;
  readonly by: FakeUser;
  readonly comment?: FakeComment | undefined;
  /** Title and description, or text, before. */
  readonly before?: { readonly title?: string; readonly text: string } | undefined;
}

export interface BitbucketEvent {
  readonly happening: Happening;
  readonly name: string;
  readonly hook: FakeHook;
}

export type BitbucketActs = ReturnType<typeof createActs>;

/** What people and tokens can do; each makes the deliveries that the server makes. `names` are the flavour's names of events. */
export const createActs = (
  state: BitbucketState,
  names: Readonly<Record<Happening["what"], string>>,
  deliveries: Deliveries<BitbucketEvent>,
) => {
  // Deliveries leave in the background there too: who acts does not wait for the bot.
  let sending: Promise<void> = Promise.resolve();
  const tell = (happening: Happening): void => {
    const name = names[happening.what];
    const { name: repository } = happening.pull.repository;
    const hooks = state.hooks.filter(
      ({ target, active, events }) =>
        active && events.includes(name) && (target === repository || repository.startsWith(`${target}/`)),
    );
    const events = hooks.map((hook) => ({ happening, name, hook }));
    sending = sending
      .then(() => deliveries.send(events))
      .catch((cause: unknown) => {
        // Nobody answers: the delivery is lost, as it is there.
        if (!(cause instanceof TypeError && cause.message === "fetch failed")) throw cause;
      });
  };

  return {
    settled: () => sending,

    open(by: FakeUser, repository: FakeRepository, title: string, text: string): FakePull {
      const now = state.now();
      const pull: FakePull = {
        id: repository.pulls.length + 1,
        repository,
        title,
        description: text,
        state: "OPEN",
        author: by,
        created: now,
        updated: now,
        comments: [],
        versions: [{ text, at: now, by }],
      };
      repository.pulls.push(pull);
      tell({ what: "opened", pull, by });
      return pull;
    },

    say(
      by: FakeUser,
      pull: FakePull,
      text: string,
      more: { readonly parent?: FakeComment | undefined; readonly spot?: FakeComment["spot"] } = {},
    ): FakeComment {
      const now = state.now();
      const spot = more.spot ?? more.parent?.spot;
      const comment: FakeComment = {
        id: state.next(),
        author: by,
        text,
        ...(more.parent ? { parent: more.parent } : {}),
        ...(spot ? { spot } : {}),
        created: now,
        updated: now,
        version: 0,
        deleted: false,
        reactions: [],
      };
      pull.comments.push(comment);
      pull.updated = now;
      tell({ what: "commented", pull, by, comment });
      return comment;
    },

    edit(by: FakeUser, pull: FakePull, comment: FakeComment, text: string): void {
      const before = { text: comment.text };
      comment.text = text;
      comment.updated = state.now();
      comment.version += 1;
      tell({ what: "edited", pull, by, comment, before });
    },

    remove(by: FakeUser, pull: FakePull, comment: FakeComment): void {
      comment.deleted = true;
      tell({ what: "removed", pull, by, comment });
    },

    change(by: FakeUser, pull: FakePull, to: { readonly title?: string; readonly text?: string }): void {
      const before = { title: pull.title, text: pull.description };
      pull.title = to.title ?? pull.title;
      pull.description = to.text ?? pull.description;
      pull.updated = state.now();
      pull.versions.push({ text: pull.description, at: pull.updated, by });
      tell({ what: "changed", pull, by, before });
    },
  };
};
