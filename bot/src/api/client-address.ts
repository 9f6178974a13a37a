import ipaddr from "ipaddr.js";

/** Reads `10.0.0.0/8` or a single address. */
const readNetwork = (text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined => {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
};

const isIn = (networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][], text: string): boolean => {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return networks.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );
};

/** Address of the caller: that of the connection, or what trusted proxies say, read from the right until somebody is not trusted. */
export const createClientAddress = (
  trustedProxies: readonly string[],
): ((peer: string | undefined, forwardedFor: string | undefined) => string) => {
  const trusted = trustedProxies.flatMap((text) => {
    const network = readNetwork(text);
    return network === undefined ? [] : [network];
  });
  return (peer = "unknown", forwardedFor) => {
    const hops = (forwardedFor ?? "").split(",").map((part) => part.trim());
    let address = peer;
    while (isIn(trusted, address)) {
      const before = hops.pop();
      if (before === undefined || !ipaddr.isValid(before)) break;
      address = before;
    }
    return address;
  };
};
