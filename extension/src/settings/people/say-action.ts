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
