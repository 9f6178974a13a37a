import { Failure } from "@ask-openhands/core/failure.ts";
import { placeOf, tenantOf } from "./connection-record.ts";
import type { Directory } from "./directory.ts";
import type { Owner, SecretRecord } from "./records.ts";
import type { Seal, SealPlace } from "./seal.ts";

interface Sources {
  readonly directory: Directory;
  readonly seal: Seal;
}

/** Where a custom secret is sealed to. */
export const secretPlace = (id: string, owner: Owner): SealPlace => ({
  kind: "secret",
  tenant: tenantOf(owner),
  record: id,
  field: "value",
});

const isOf = (record: SecretRecord, kind: Owner["kind"], id: string | undefined): boolean =>
  record.owner.kind === kind && record.owner.id === id;

/** Custom secrets by name: the workspace's, and the person's own over them. With `only`, just that name is opened. */
export const agentSecretsOf = (
  { directory, seal }: Sources,
  personId: string | undefined,
  workspaceId: string | undefined,
  only?: string,
): Readonly<Record<string, string>> => {
  const records = directory.list("secrets").filter(({ value }) => only === undefined || value.name === only);
  const open = (chosen: typeof records): readonly (readonly [string, string])[] =>
    chosen.map(({ id, value }) => [value.name, seal.open(value.value, secretPlace(id, value.owner))]);
  const shared =
    workspaceId === undefined ? [] : records.filter(({ value }) => isOf(value, "workspace", workspaceId));
  const own = personId === undefined ? [] : records.filter(({ value }) => isOf(value, "person", personId));
  return Object.fromEntries([...open(shared), ...open(own)]);
};

/** A value that cannot be opened cannot leak either: redaction goes on without it. */
const openOrNothing = (open: () => string): readonly string[] => {
  try {
    return [open()];
  } catch (cause) {
    if (cause instanceof Failure) return [];
    throw cause;
  }
};

/** Every custom secret's value, for redaction. */
export const secretValuesOf = ({ directory, seal }: Sources): readonly string[] =>
  directory
    .list("secrets")
    .flatMap(({ id, value }) => openOrNothing(() => seal.open(value.value, secretPlace(id, value.owner))));

/** Every secret of every stored connection, for redaction. */
export const connectionSecretValues = ({ directory, seal }: Sources): readonly string[] =>
  directory
    .list("connections")
    .flatMap(({ id, value }) =>
      Object.entries(value.secrets).flatMap(([name, sealed]) =>
        openOrNothing(() => seal.open(sealed, placeOf(id, value.owner, name))),
      ),
    );
