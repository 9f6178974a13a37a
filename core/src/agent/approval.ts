/** Does an answer to "may I?" mean yes? Anything that is not clearly a yes is a no, and is told to the agent as the reason. */
export const isYes = (text: string): boolean =>
  /^\W*(y|yes|yep|yeah|ok|okay|sure|approve[d]?|accept(ed)?|confirm(ed)?|go|go ahead|do it|proceed|continue|lgtm|👍)\b/iu.test(
    text.trim(),
  ) || text.trim().startsWith("👍");
