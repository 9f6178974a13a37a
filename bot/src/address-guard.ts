import { type LookupAddress, lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { Failure } from "@ask-openhands/core/failure.ts";
import ipaddr from "ipaddr.js";

/** `never`: link-local, metadata services, multicast and the like, whoever approves them. `private`: only for approved hosts. */
export type AddressKind = "public" | "private" | "never";

/** Metadata services of cloud providers that do not live in link-local ranges. */
const metadataAddresses = new Set([
  "168.63.129.16",
  "100.100.100.200",
  "192.0.0.192",
  "fd00:ec2::254",
  "fd20:ce::254",
]);

const privateRanges = new Set(["private", "loopback", "carrierGradeNat", "uniqueLocal"]);

/** IPv4 address inside an IPv6 one, where systems route it as such (mapped; RFC 6052 with its well-known prefix). */
const embeddedIpv4 = (address: ipaddr.IPv6): ipaddr.IPv4 | undefined => {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const bytes = address.toByteArray();
  const isWellKnown = address.range() === "rfc6052" && bytes.slice(4, 12).every((byte) => byte === 0);
  return isWellKnown ? new ipaddr.IPv4(bytes.slice(12)) : undefined;
};

export const kindOfAddress = (text: string): AddressKind => {
  // A zone (`fe80::1%eth0`) only makes sense for link-local addresses.
  if (text.includes("%") || !ipaddr.isValid(text)) return "never";
  const parsed = ipaddr.parse(text);
  const address = parsed instanceof ipaddr.IPv6 ? (embeddedIpv4(parsed) ?? parsed) : parsed;
  if (metadataAddresses.has(address.toString())) return "never";
  const range = address.range();
  if (range === "unicast") return "public";
  return privateRanges.has(range) ? "private" : "never";
};

/** `host` or `host:port` without the brackets of IPv6. */
export interface HostPort {
  readonly host: string;
  readonly port: string;
}

/** Resolves names; a test hands in its own. */
export type ResolveAll = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

export interface AddressGuard {
  /** Failure when this literal address must not be reached; names pass, they are checked by `lookup`. */
  checkLiteral(target: HostPort): Failure | undefined;
  /** Gives only checked addresses to the socket, so that the checked address is the one connected to. */
  lookupFor(port: string): LookupFunction;
}

interface Options {
  /** Whether somebody who may do so has approved a private address for this host. */
  isPrivateAllowed(target: HostPort): boolean;
  readonly resolve?: ResolveAll | undefined;
}

const describe = ({ host, port }: HostPort): string => (port === "" ? host : `${host}:${port}`);

const refusal = (target: HostPort, kind: Exclude<AddressKind, "public">): Failure =>
  kind === "never"
    ? new Failure(
        "not-allowed",
        `${describe(target)} has a link-local, metadata or reserved address, which is never reached. Check the address.`,
      )
    : new Failure(
        "not-allowed",
        `${describe(target)} has a private address. A maintainer can approve this host in the settings, or the operator with ALLOWED_HOSTS.`,
      );

export const createAddressGuard = ({
  isPrivateAllowed,
  resolve = (host, done) => systemLookup(host, { all: true, verbatim: true }, done),
}: Options): AddressGuard => {
  const judge = (target: HostPort, address: string): Failure | undefined => {
    const kind = kindOfAddress(address);
    if (kind === "public" || (kind === "private" && isPrivateAllowed(target))) return undefined;
    return refusal(target, kind);
  };

  return {
    checkLiteral: (target) =>
      ipaddr.isValid(target.host) || target.host.includes("%") ? judge(target, target.host) : undefined,
    lookupFor: (port) => (host, options, callback) => {
      resolve(host, (error, addresses) => {
        if (error !== null) return callback(error, "", 0);
        // One forbidden answer among good ones is how a name is rebound: none of them is trusted.
        const refused = addresses
          .map(({ address }) => judge({ host, port }, address))
          .find((failure) => failure !== undefined);
        if (refused !== undefined) return callback(refused, "", 0);
        const fitting =
          options.family === 4 || options.family === 6
            ? addresses.filter(({ family }) => family === options.family)
            : addresses;
        const [first] = fitting;
        if (first === undefined)
          return callback(Object.assign(new Error(`No address for ${host}`), { code: "ENOTFOUND" }), "", 0);
        return options.all === true
          ? callback(null, [...fitting])
          : callback(null, first.address, first.family);
      });
    },
  };
};
