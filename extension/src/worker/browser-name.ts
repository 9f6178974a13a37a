const browsers = [
  ["Edg/", "Edge"],
  ["Firefox/", "Firefox"],
  ["OPR/", "Opera"],
  ["Chrome/", "Chrome"],
] as const;

const systems = [
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["Android", "Android"],
  ["CrOS", "ChromeOS"],
  ["Linux", "Linux"],
] as const;

/** "Chrome on Linux": what the person sees on the bot's page when approving this browser. */
export const describeBrowser = (userAgent: string): string => {
  const name = browsers.find(([sign]) => userAgent.includes(sign))?.[1] ?? "Browser";
  const system = systems.find(([sign]) => userAgent.includes(sign))?.[1];
  return system === undefined ? name : `${name} on ${system}`;
};
