/** Milliseconds. */
const headStart = 2_000;

/**
 * Lets new secrets go ahead of the message that they belong to, without holding it back. The agent server adds both when the agent's step ends, in the
 * order in which they came (openhands-sdk `LocalConversation.send_message` and `update_secrets` wait for one FIFO lock), which may be minutes later.
 * Throws only what fails before the head start is over.
 */
export const goAhead = (
  sending: Promise<unknown>,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<unknown> => Promise.race([sending, sleep(headStart)]);
