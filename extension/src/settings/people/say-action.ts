const nouns: Readonly<Record<string, string>> = {
  account: "Account",
  connection: "Connection",
  device: "Device",
  hook: "Webhook",
  host: "Host",
  installation: "Installation",
  invitation: "Invitation",
  member: "Member",
  person: "Person",
  run: "Run",
  secret: "Secret",
  session: "Session",
  settings: "Settings",
  site: "Site",
  token: "API token",
  workspace: "Workspace",
};

/** `hook.installed` → "Webhook installed"; an action that is not known stays readable. */
export const sayAction = (action: string): string => {
  const [noun = "", ...rest] = action.split(".");
  const verb = rest.join(" ").replaceAll("-", " ");
  return `${nouns[noun] ?? noun} ${verb}`.trim();
};

/** Ids of our own say nothing to people. */
const isOpaque = (target: string): boolean => /^[A-Za-z0-9_-]{16,}$/.test(target);

/** What it was done to, and what is to be said of it. */
export const sayTarget = ({
  target,
  detail,
}: {
  readonly target?: string | undefined;
  readonly detail?: string | undefined;
}): string => {
  const named = target === undefined || isOpaque(target) ? undefined : target;
  return [...new Set([named, detail])].filter((one) => one !== undefined && one !== "").join(" · ");
};
