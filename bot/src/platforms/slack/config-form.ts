import { clipLine } from "@ask-openhands/core/render/clip.ts";
import { repositoryOption } from "./forms.ts";
import { formFields, repositoryField } from "./hear-interaction.ts";

/** What the form is submitted under. */
export const configForm = "ask_openhands_config";

const plain = (text: string) => ({ type: "plain_text" as const, text, emoji: true });

export interface ConfigFormFacts {
  readonly channel: string;
  readonly channelName?: string | undefined;
  /** `host/owner/name` or `owner/name`. */
  readonly repository?: string | undefined;
}

/** The form behind `/openhands config` for maintainers: what a channel means when nothing is named. */
export const configFormView = ({ channel, channelName, repository }: ConfigFormFacts) => {
  const present = repository === undefined ? undefined : repositoryOption(repository);
  return {
    type: "modal" as const,
    callback_id: configForm,
    private_metadata: channel,
    title: plain("Channel settings"),
    submit: plain("Save"),
    close: plain("Cancel"),
    blocks: [
      {
        type: "input",
        block_id: formFields.repository,
        optional: true,
        label: plain(
          `Repository of ${channelName === undefined ? "this channel" : `#${clipLine(channelName, 80)}`}`,
        ),
        hint: plain("Meant by every request here that names no other. Left empty: none."),
        element: {
          type: "external_select",
          action_id: repositoryField,
          min_query_length: 0,
          placeholder: plain("Search repositories"),
          ...(present === undefined ? {} : { initial_option: present }),
        },
      },
    ],
  };
};
