import type { Answer, Operation, OperationInput, Replies } from "./messages.ts";

/** The background said no. `message` is a sentence for a person. */
export class Refusal extends Error {
  readonly cure: string | undefined;

  constructor(detail: string, cure?: string) {
    super(detail);
    this.name = "Refusal";
    this.cure = cure;
  }
}

export type Line = <Name extends Operation>(
  name: Name,
  input: OperationInput<Name>,
) => Promise<Replies[Name]>;

/** False when the extension was updated or removed while this page stayed open. */
export const isAlive = (): boolean => chrome.runtime?.id !== undefined;

/** Says something to the background and gives back its answer. Throws `Refusal`. */
export const askWorker: Line = async <Name extends Operation>(
  name: Name,
  input: OperationInput<Name>,
): Promise<Replies[Name]> => {
  if (!isAlive()) throw new Refusal("Ask OpenHands was updated.", "Reload this page.");
  const answer = (await chrome.runtime.sendMessage({ operation: name, input }).catch(() => undefined)) as
    | Answer<Name>
    | undefined;
  if (answer === undefined)
    throw new Refusal("The extension did not answer.", "Try again; if it stays, reload this page.");
  if (!answer.ok) throw new Refusal(answer.detail, answer.cure);
  return answer.value;
};

/** What went wrong, as one text. */
export const sayProblem = (cause: unknown): string => {
  if (cause instanceof Refusal)
    return cause.cure === undefined ? cause.message : `${cause.message} ${cause.cure}`;
  return cause instanceof Error ? cause.message : "Something went wrong. Try again.";
};
