import { X509Certificate } from "node:crypto";
import { withoutPath } from "../people/hosts.ts";
import { isAtLeast, membershipsOf } from "../people/members.ts";
import type { Owner } from "../people/records.ts";
import type { ApiDeps } from "./call.ts";
import { problem } from "./problem.ts";
import { fieldProblems } from "./read-connection.ts";

/** Checks a PEM bundle of certificates. */
const readCa = (pem: string): string => {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw fieldProblems([{ field: "ca", detail: "The certificate cannot be read; paste it as PEM." }]);
  }
  if (certificates.length === 0 || /PRIVATE KEY/.test(pem))
    throw fieldProblems([
      { field: "ca", detail: "The certificate must be one or more PEM certificates, and nothing else." },
    ]);
  return `${certificates.join("\n")}\n`;
};

/**
 * The authority of a server's certificate, checked. It is trusted for everybody's requests to that host, so it needs a maintainer, and public services,
 * whose certificates everybody can check, take none. Throws a problem.
 */
export const requireCa = (deps: ApiDeps, owner: Owner, host: string, pem: string): string => {
  const { directory, hosts } = deps.people;
  const name = withoutPath(host);
  if (hosts.isKnown(name))
    throw fieldProblems([
      { field: "ca", detail: `${name} is a public service; its certificate needs no authority of yours.` },
    ]);
  const isMaintainer =
    owner.kind === "workspace" ||
    membershipsOf(directory, owner.id).some(({ role }) => isAtLeast(role, "maintainer"));
  if (!isMaintainer)
    throw problem(
      403,
      `Only maintainers can add a certificate authority: it is trusted for everybody's requests to ${name}. Ask one of them to connect ${name} for the workspace.`,
    );
  return readCa(pem);
};
