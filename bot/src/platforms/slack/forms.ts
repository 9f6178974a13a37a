import { clipLine } from "@ask-openhands/core/render/clip.ts";
import { noRepository } from "@ask-openhands/core/work/mention.ts";
import { askForm, type FormSpot, formFields, repositoryField, spotText } from "./hear-interaction.ts";

/** Block Kit's own limits: https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const optionText = 75;
const optionValue = 150;
const mostOptions = 100;
const inputLength = 3_000;

const plain = (text: string) => ({ type: "plain_text" as const, text, emoji: true });

export interface SlackOption {
  readonly text: ReturnType<typeof plain>;
  readonly value: string;
}

/** A repository as an entry of a list; names that do not fit are cut at the front, where they differ least. */
export const repositoryOption = (name: string): SlackOption | undefined =>
  name.length > optionValue || name.trim() === ""
    ? undefined
    : {
        text: plain(name.length > optionText ? `…${name.slice(name.length - optionText + 1)}` : name),
        value: name,
      };

const withoutRepository: SlackOption = { text: plain("No repository"), value: noRepository };

/** The list behind a search: the person's recent ones first, then the choice to work without one, then all others. Names are `host/owner/name`. */
export const repositoryOptions = (
  query: string,
  recent: readonly string[],
  found: readonly string[],
  mayBeNone: boolean,
): readonly SlackOption[] => {
  const fits = (text: string): boolean => text.toLowerCase().includes(query.toLowerCase());
  const optionsOf = (names: readonly string[]): readonly SlackOption[] =>
    [...new Set(names)].filter(fits).flatMap((name) => repositoryOption(name) ?? []);
  const none = mayBeNone && fits(withoutRepository.text.text) ? [withoutRepository] : [];
  const others = found.filter((name) => !recent.includes(name));
  return [...optionsOf(recent), ...none, ...optionsOf(others)].slice(0, mostOptions);
};

export interface AskFormFacts {
  readonly spot: FormSpot;
  /** The message that the form was opened on. */
  readonly text: string;
  /** Back ends to choose from: connection id and name. */
  readonly agents: readonly { readonly id: string; readonly name: string }[];
}

/** The form behind "Ask OpenHands" on a message: https://docs.slack.dev/surfaces/modals */
export const askFormView = ({ spot, text, agents }: AskFormFacts) => ({
  type: "modal" as const,
  callback_id: askForm,
  private_metadata: spotText(spot),
  title: plain("Ask OpenHands"),
  submit: plain("Ask"),
  close: plain("Cancel"),
  blocks: [
    {
      type: "input",
      block_id: formFields.text,
      label: plain("What should be done?"),
      element: {
        type: "plain_text_input",
        action_id: "value",
        multiline: true,
        max_length: inputLength,
        ...(text === "" ? {} : { initial_value: text.slice(0, inputLength) }),
        placeholder: plain("Fix this, and add a test for it"),
      },
    },
    {
      type: "input",
      block_id: formFields.repository,
      optional: true,
      label: plain("Repository"),
      hint: plain("Left empty: the one named in the text, the channel's, or your last one."),
      element: {
        type: "external_select",
        action_id: repositoryField,
        min_query_length: 0,
        placeholder: plain("Search repositories"),
      },
    },
    {
      type: "input",
      block_id: formFields.branch,
      optional: true,
      label: plain("Branch"),
      element: {
        type: "plain_text_input",
        action_id: "value",
        max_length: 200,
        placeholder: plain("The default branch"),
      },
    },
    ...(agents.length < 2
      ? []
      : [
          {
            type: "input",
            block_id: formFields.agent,
            optional: true,
            label: plain("OpenHands back end"),
            element: {
              type: "static_select",
              action_id: "value",
              placeholder: plain("The workspace's default"),
              options: agents.slice(0, mostOptions).map((agent) => ({
                text: plain(clipLine(agent.name, optionText) || agent.id.slice(0, optionText)),
                value: agent.id.slice(0, optionValue),
              })),
            },
          },
        ]),
  ],
});
