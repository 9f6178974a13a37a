/** What only one process at a time should do: sweeps, polling, sockets. Two at once for a moment do no harm, because mentions have keys. */
export interface Leadership {
  leads(): boolean;
  /** Called back after every change; returns the way to stop. */
  onChange(changed: () => void): () => void;
  stop(): Promise<void>;
}

/** For a process that is alone. */
export const aloneLeads: Leadership = {
  leads: () => true,
  onChange: () => () => undefined,
  stop: () => Promise.resolve(),
};
