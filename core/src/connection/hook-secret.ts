/** True for the names of secrets that deliveries are checked with. Whoever knows one can speak as anybody on that server. */
export const isHookSecret = (name: string): boolean => /webhook|signing/i.test(name);
