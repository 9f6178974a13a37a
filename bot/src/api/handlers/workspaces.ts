import type { AuditEntryView, SettingView } from "@ask-openhands/core/api/types.ts";
import type { AuditEntry } from "../../people/audit.ts";
import type { Change } from "../../people/directory.ts";
import { changesOfLeaving } from "../../people/forget.ts";
import { withoutPath } from "../../people/hosts.ts";
import { memberId, membershipsOf, membersOf, roleOf } from "../../people/members.ts";
import { newId } from "../../people/tokens.ts";
import { readHost } from "../../settings/read-field.ts";
import { workspaceFields } from "../../settings/workspace-fields.ts";
import { isWorkspaceKey, readWorkspaceField } from "../../settings/workspace-values.ts";
import { type ApiDeps, type Call, type Handlers, personOf } from "../call.ts";
import { problem } from "../problem.ts";
import { fieldProblems } from "../read-connection.ts";
import { personRef, toWorkspace } from "../views/person-view.ts";

type Names =
  | "createWorkspace"
  | "getWorkspace"
  | "renameWorkspace"
  | "deleteWorkspace"
  | "getSettings"
  | "changeSettings"
  | "listHosts"
  | "approveHost"
  | "removeHost"
  | "listAudit";

export const createWorkspaceHandlers = (deps: ApiDeps): Handlers<Names> => {
  const { people } = deps;
  const { directory, audit, policy, hosts } = people;

  const view = (workspaceId: string, personId: string) =>
    toWorkspace(directory, workspaceId, roleOf(directory, workspaceId, personId) ?? "member");

  const settingsOf = (workspaceId: string): { items: SettingView[] } => ({
    items: policy.explainSettingsOf(workspaceId).map(({ field, value, source }) => ({
      key: field.key,
      label: field.label,
      help: field.help,
      format: field.format,
      ...(field.choices === undefined ? {} : { choices: [...field.choices] }),
      value,
      ...(field.fallback === undefined ? {} : { fallback: field.fallback }),
      source,
      env: field.env,
    })),
  });

  const changeSettings = async (call: Call<"changeSettings">) => {
    const { workspace } = call.params;
    const problems: { readonly field: string; readonly detail: string }[] = [];
    const values: Record<string, string> = { ...directory.get("settings", workspace)?.value.values };
    for (const [key, text] of Object.entries(call.body.values)) {
      const field = workspaceFields.find((one) => one.key === key);
      if (field === undefined || !isWorkspaceKey(key)) {
        problems.push({ field: key, detail: `There is no setting \`${key}\`.` });
      } else if (text === null) {
        delete values[key];
      } else {
        const reading = readWorkspaceField(field, text);
        if ("problem" in reading) problems.push({ field: key, detail: `${field.label} ${reading.problem}.` });
        else values[key] = reading.value;
      }
    }
    if (problems.length > 0) throw fieldProblems(problems);
    await directory.write([{ put: "settings", id: workspace, value: { values } }]);
    await audit.append({
      action: "settings.changed",
      workspace,
      person: personOf(call),
      detail: Object.keys(call.body.values).join(", "),
    });
    return settingsOf(workspace);
  };

  const toHost = ({ host, private: isPrivate, source, record }: ReturnType<typeof hosts.list>[number]) => ({
    host,
    private: isPrivate,
    source,
    ...(record === undefined
      ? {}
      : { approvedBy: personRef(directory, record.approvedBy), approvedAt: record.approvedAt }),
  });

  const removeWorkspace = async (call: Call<"deleteWorkspace">): Promise<undefined> => {
    const { workspace } = call.params;
    const personId = personOf(call);
    const others = membershipsOf(directory, personId).filter((one) => one.workspaceId !== workspace);
    if (directory.list("workspaces").length < 2 || others.length === 0)
      throw problem(409, "This is your last workspace, so it stays. Make another one first.");
    const isOf = (owner: { readonly kind: string; readonly id: string }): boolean =>
      owner.kind === "workspace" && owner.id === workspace;
    if (people.connections.all().some((connection) => connection.fixed === true && isOf(connection.owner))) {
      throw problem(409, "Connections from environment variables belong to this workspace, so it stays.");
    }
    const changes: Change[] = [
      { remove: "workspaces", id: workspace },
      { remove: "settings", id: workspace },
      ...membersOf(directory, workspace).flatMap(({ personId }): readonly Change[] => [
        { remove: "members", id: memberId(workspace, personId) },
        ...changesOfLeaving(directory, workspace, personId),
      ]),
      ...directory
        .list("invitations")
        .flatMap(({ id, value }) =>
          value.workspaceId === workspace ? [{ remove: "invitations", id } as const] : [],
        ),
      ...directory
        .list("hosts")
        .flatMap(({ id, value }) =>
          value.workspaceId === workspace ? [{ remove: "hosts", id } as const] : [],
        ),
      ...directory
        .list("connections")
        .flatMap(({ id, value }) => (isOf(value.owner) ? [{ remove: "connections", id } as const] : [])),
      ...directory
        .list("secrets")
        .flatMap(({ id, value }) => (isOf(value.owner) ? [{ remove: "secrets", id } as const] : [])),
    ];
    await directory.write(changes);
    await audit.append({ action: "workspace.deleted", workspace, person: personId });
    return undefined;
  };

  const toEntry = (entry: AuditEntry): AuditEntryView => ({
    seq: entry.seq,
    at: entry.at,
    action: entry.action,
    ...(entry.person === undefined ? {} : { by: personRef(directory, entry.person) }),
    ...(entry.through === undefined ? {} : { through: entry.through }),
    ...(entry.target === undefined ? {} : { target: entry.target }),
    ...(entry.detail === undefined ? {} : { detail: entry.detail }),
  });

  return {
    createWorkspace: async (call) => {
      const personId = personOf(call);
      if (!membershipsOf(directory, personId).some((one) => one.role === "owner"))
        throw problem(403, "Only people who own a workspace can make another one.");
      const id = newId();
      const at = new Date(deps.now()).toISOString();
      await directory.write([
        { put: "workspaces", id, value: { name: call.body.name, createdAt: at } },
        {
          put: "members",
          id: memberId(id, personId),
          value: { workspaceId: id, personId, role: "owner", joinedAt: at },
        },
      ]);
      await audit.append({ action: "workspace.created", workspace: id, person: personId });
      return view(id, personId);
    },
    getWorkspace: (call) => view(call.params.workspace, personOf(call)),
    renameWorkspace: async (call) => {
      const { workspace } = call.params;
      const stored = directory.get("workspaces", workspace);
      if (stored !== undefined)
        await directory.write([
          { put: "workspaces", id: workspace, value: { ...stored.value, name: call.body.name } },
        ]);
      await audit.append({
        action: "workspace.renamed",
        workspace,
        person: personOf(call),
        detail: call.body.name,
      });
      return view(workspace, personOf(call));
    },
    deleteWorkspace: removeWorkspace,
    getSettings: (call) => settingsOf(call.params.workspace),
    changeSettings,
    listHosts: (call) => ({ items: hosts.list(call.params.workspace).map(toHost) }),
    approveHost: async (call) => {
      const host = readHost(call.body.host);
      if (host === undefined)
        throw problem(400, "That is not a host; write it like git.example.com or 10.0.0.5:8443.");
      const { workspace } = call.params;
      await hosts.approve(workspace, host, call.body.private === true, personOf(call));
      await audit.append({
        action: "host.approved",
        workspace,
        person: personOf(call),
        target: withoutPath(host),
        detail: call.body.private === true ? "private" : "public",
      });
      const made = hosts
        .list(workspace)
        .find((one) => one.source === "maintainer" && one.host === withoutPath(host));
      if (made === undefined) throw problem(500, "The host was not stored. Try again.");
      return toHost(made);
    },
    removeHost: async (call) => {
      const { workspace, host } = call.params;
      if (!(await hosts.remove(workspace, host)))
        throw problem(
          404,
          "No maintainer has approved this host; those of the catalog and of environment variables stay.",
        );
      await audit.append({ action: "host.removed", workspace, person: personOf(call), target: host });
      return undefined;
    },
    listAudit: (call) => {
      const { workspace } = call.params;
      const limit = call.query.limit ?? 50;
      const before = call.query.cursor === undefined ? undefined : Number(call.query.cursor);
      if (before !== undefined && !Number.isInteger(before))
        throw problem(400, "The cursor is not one of ours. Begin at the first page.");
      const people = new Set(membersOf(directory, workspace).map((member) => member.personId));
      const entries = audit.read({
        fits: (entry) =>
          entry.workspace === workspace ||
          (entry.workspace === undefined && entry.person !== undefined && people.has(entry.person)),
        before,
        limit: limit + 1,
      });
      const shown = entries.slice(0, limit);
      const last = shown.at(-1);
      return {
        entries: shown.map(toEntry),
        ...(entries.length > limit && last !== undefined ? { next: String(last.seq) } : {}),
        intact: audit.brokenAt === undefined,
        ...(audit.brokenAt === undefined ? {} : { brokenAt: audit.brokenAt }),
      };
    },
  };
};
