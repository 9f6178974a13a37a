import type { SecretView } from "@ask-openhands/core/api/types.ts";
import type { Stored } from "../../people/directory.ts";
import type { Owner, SecretRecord } from "../../people/records.ts";
import { secretPlace } from "../../people/secrets.ts";
import { newId } from "../../people/tokens.ts";
import { type ApiDeps, type Call, type Handlers, personOf } from "../call.ts";
import { problem } from "../problem.ts";

type Names =
  | "listSecrets"
  | "createSecret"
  | "listMySecrets"
  | "createMySecret"
  | "changeSecret"
  | "deleteSecret";

/** Names under which agents expect their tokens; a custom secret with such a name takes the token's place. */
const overridable =
  /^(GITHUB|GITLAB|BITBUCKET|BITBUCKET_DATA_CENTER|JIRA|JIRA_DC|JIRA_CLOUD|SLACK)(_[A-Z_]*)?TOKEN$/;

const describeOverride = (name: string): string | undefined =>
  overridable.test(name)
    ? `What the agent gets as ${name}; the bot itself keeps using its own connection.`
    : undefined;

export const createSecretHandlers = (deps: ApiDeps): Handlers<Names> => {
  const { directory, seal, audit } = deps.people;

  const view = ({ id, value }: Stored<SecretRecord>): SecretView => {
    const overrides = describeOverride(value.name);
    const keyId = seal.keyOf(value.value);
    return {
      id,
      name: value.name,
      description: value.description,
      owner: { ...value.owner },
      ...(overrides === undefined ? {} : { overrides }),
      ...(keyId === undefined ? {} : { keyId }),
      createdAt: value.createdAt,
      changedAt: value.changedAt,
    };
  };

  const listOf = (owner: Owner) =>
    directory
      .list("secrets")
      .filter(({ value }) => value.owner.kind === owner.kind && value.owner.id === owner.id);

  const find = (id: string): Stored<SecretRecord> => {
    const stored = directory.get("secrets", id);
    if (stored === undefined) throw problem(404, "There is no such secret, or it is not yours to see.");
    return stored;
  };

  const note = (action: string, owner: Owner, personId: string, name: string) =>
    audit.append({
      action,
      workspace: owner.kind === "workspace" ? owner.id : undefined,
      person: personId,
      target: name,
    });

  const create = async (
    owner: Owner,
    personId: string,
    body: Call<"createSecret">["body"],
  ): Promise<SecretView> => {
    if (listOf(owner).some(({ value }) => value.name === body.name))
      throw problem(409, `There is a secret ${body.name} already. Change that one.`);
    const id = newId();
    const at = new Date(deps.now()).toISOString();
    const value: SecretRecord = {
      owner,
      name: body.name,
      description: body.description ?? "",
      value: seal.seal(body.value, secretPlace(id, owner)),
      createdAt: at,
      changedAt: at,
    };
    await directory.write([{ put: "secrets", id, value }]);
    await note("secret.created", owner, personId, body.name);
    return view(find(id));
  };

  return {
    listSecrets: (call) => ({ items: listOf({ kind: "workspace", id: call.params.workspace }).map(view) }),
    listMySecrets: (call) => ({ items: listOf({ kind: "person", id: personOf(call) }).map(view) }),
    createSecret: (call) =>
      create({ kind: "workspace", id: call.params.workspace }, personOf(call), call.body),
    createMySecret: (call) => create({ kind: "person", id: personOf(call) }, personOf(call), call.body),
    changeSecret: async (call) => {
      const { id, value, version } = find(call.params.secret);
      const { description, value: plain } = call.body;
      const next: SecretRecord = {
        ...value,
        description: description ?? value.description,
        value: plain === undefined ? value.value : seal.seal(plain, secretPlace(id, value.owner)),
        changedAt: new Date(deps.now()).toISOString(),
      };
      if ((await directory.write([{ put: "secrets", id, value: next, ifVersion: version }])) === "conflict")
        throw problem(409, "Somebody changed this secret at the same time. Reload and try again.");
      await note("secret.changed", value.owner, personOf(call), value.name);
      return view(find(id));
    },
    deleteSecret: async (call) => {
      const { id, value } = find(call.params.secret);
      await directory.write([{ remove: "secrets", id }]);
      await note("secret.removed", value.owner, personOf(call), value.name);
      return undefined;
    },
  };
};
