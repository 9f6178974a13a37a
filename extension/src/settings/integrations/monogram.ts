/** Letters that stand for a platform: GH, GL, BC. */
export const monogramOf = (name: string): string => {
  const capitals = name.replaceAll(/[^A-Z]/g, "");
  return capitals.length > 1 ? capitals.slice(0, 2) : name.slice(0, 2).toUpperCase();
};
