import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import {
  follow,
  isObject,
  isRequired,
  type Json,
  type JsonObject,
  pointer,
  readDocument,
} from "./openapi-document.ts";
import type { FakeRequest } from "./routes.ts";
import { sharedPath } from "./shared-dir.ts";

/** Checks requests against a document. */
export interface OpenApi {
  /** What the request breaks; `undefined` when the document has no such path. */
  check(request: FakeRequest): readonly string[] | undefined;
}

export interface OpenApiSettings {
  /** What our fake's paths begin with and the document's don't: `/2.0`, `/tracker/rest`. */
  readonly prefix?: string | undefined;
  /** Query parameters that the document forgets. */
  readonly alsoQuery?: readonly string[] | undefined;
  /** Required parameters, form fields and body properties that are not asked for (Slack's `token` may stand in a header, Bitbucket's `type` is only in answers). */
  readonly ignore?: readonly string[] | undefined;
  /** What may be read with GET may be asked for with a form in a POST, too (Slack). */
  readonly postedReads?: boolean | undefined;
  /** Only these paths of the document, where the rest of it is out of date. */
  readonly only?: ((method: string, path: string) => boolean) | undefined;
}

interface Operation {
  readonly method: string;
  readonly template: string;
  readonly pattern: RegExp;
  readonly literals: number;
  /** JSON pointers. */
  readonly at: string;
  readonly pathAt: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schemaAt: string | undefined;
}

const methods = ["get", "put", "post", "delete", "patch"];

const operationsOf = (document: JsonObject): readonly Operation[] => {
  const paths = document["paths"];
  if (!isObject(paths)) return [];
  return Object.entries(paths).flatMap(([template, item]) => {
    if (!isObject(item)) return [];
    const literals = template.split("/").filter((part) => !part.includes("{")).length;
    const source = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "([^/]+)");
    const pathAt = pointer("paths", template);
    return methods
      .filter((method) => item[method] !== undefined)
      .map((method) => ({
        method: method.toUpperCase(),
        template,
        pattern: new RegExp(`^${source}/?$`),
        literals,
        pathAt,
        at: pathAt + pointer(method),
      }));
  });
};

/** The same question with its form in the address. */
const asRead = (request: FakeRequest): FakeRequest => ({
  ...request,
  method: "GET",
  query: new URLSearchParams(
    Object.entries(request.body).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : [],
    ),
  ),
  bytes: Buffer.alloc(0),
});

/** OpenAPI's `readOnly` properties may be required of answers, never of requests. */
const isReadOnlyMissing = (error: ErrorObject): boolean => {
  const missing: unknown = error.params["missingProperty"];
  const properties: unknown = error.parentSchema?.["properties"];
  if (error.keyword !== "required" || typeof missing !== "string" || !isObject(properties)) return false;
  const property = properties[missing];
  return isObject(property) && property["readOnly"] === true;
};

const documents = new Map<string, JsonObject>();

/** `file` is a path under the contracts folder: `gitlab/openapi/openapi_v3.trimmed.json`. `undefined` where the machine does not have it. */
export const openApi = (file: string, settings: OpenApiSettings = {}): OpenApi | undefined => {
  const path = sharedPath("contracts", file);
  if (path === undefined) return undefined;
  const document = documents.get(path) ?? readDocument(path);
  documents.set(path, document);
  return openApiOf(document, settings);
};

/** For a document that a running server gave. */
export const openApiOf = (document: JsonObject, settings: OpenApiSettings = {}): OpenApi => {
  const options = {
    strict: false,
    validateFormats: false,
    validateSchema: false,
    allErrors: true,
    verbose: true,
    logger: false,
  } as const;
  const Validator = String(document["openapi"] ?? "").startsWith("3.1") ? Ajv2020 : Ajv;
  const bodies = new Validator(options).addSchema({ $id: "doc", ...document });
  const texts = new Validator({ ...options, coerceTypes: "array" }).addSchema({ $id: "doc", ...document });
  const compiled = new Map<string, ValidateFunction>();
  const operations = operationsOf(document);

  const broken = (
    kind: "body" | "text",
    schemaAt: string,
    value: unknown,
    where: string,
  ): readonly string[] => {
    const key = kind + schemaAt;
    const validate =
      compiled.get(key) ?? (kind === "body" ? bodies : texts).compile({ $ref: `doc#${encodeURI(schemaAt)}` });
    compiled.set(key, validate);
    if (validate(value)) return [];
    const asked = (error: ErrorObject): boolean =>
      !isReadOnlyMissing(error) &&
      settings.ignore?.includes(String(error.params["missingProperty"])) !== true;
    return (validate.errors ?? [])
      .filter(asked)
      .map((error) => `${where}${error.instancePath} ${error.message}`);
  };

  const operationFor = (request: FakeRequest, ownPath: string): Operation | undefined =>
    operations
      .filter((one) => one.method === request.method && one.pattern.test(ownPath))
      .sort((a, b) => b.literals - a.literals)
      .find((one) => settings.only?.(one.method, one.template) ?? true);

  const parametersOf = (operation: Operation): readonly Parameter[] =>
    [operation.pathAt, operation.at].flatMap((owner) => {
      const list = follow(document, `${owner}/parameters`).value;
      if (!Array.isArray(list)) return [];
      return list.flatMap((_, index): readonly Parameter[] => {
        const { value, at } = follow(document, `${owner}/parameters/${index}`);
        if (!isObject(value) || settings.ignore?.includes(String(value["name"])) === true) return [];
        // Swagger 2 puts the schema's words beside the parameter's own.
        const own = value["schema"] === undefined ? undefined : `${at}/schema`;
        const schemaAt = own ?? (value["type"] === undefined ? undefined : at);
        return [
          {
            name: String(value["name"]),
            in: String(value["in"]),
            required: value[isRequired] === true,
            schemaAt,
          },
        ];
      });
    });

  const isList = (schemaAt: string): boolean => {
    const schema = follow(document, schemaAt).value;
    const variants: readonly Json[] =
      isObject(schema) && Array.isArray(schema["anyOf"]) ? schema["anyOf"] : [schema ?? null];
    return variants.some((variant) => isObject(variant) && variant["type"] === "array");
  };

  const checkQuery = (request: FakeRequest, parameters: readonly Parameter[]): readonly string[] => {
    const known = parameters.filter((parameter) => parameter.in === "query");
    const unknown = [...new Set(request.query.keys())].filter(
      (name) =>
        !known.some((parameter) => parameter.name === name) && settings.alsoQuery?.includes(name) !== true,
    );
    const wrong = known.flatMap((parameter) => {
      const values = request.query.getAll(parameter.name);
      if (values.length === 0) return parameter.required ? [`query ${parameter.name} is missing`] : [];
      if (parameter.schemaAt === undefined) return [];
      return broken(
        "text",
        parameter.schemaAt,
        isList(parameter.schemaAt) ? values : values[0],
        `query ${parameter.name}`,
      );
    });
    return [...unknown.map((name) => `query ${name} is unknown`), ...wrong];
  };

  const checkForm = (request: FakeRequest, parameters: readonly Parameter[]): readonly string[] =>
    parameters
      .filter((parameter) => parameter.in === "formData")
      .flatMap((parameter) => {
        const value = request.body[parameter.name] ?? request.query.get(parameter.name) ?? undefined;
        if (value === undefined) return parameter.required ? [`field ${parameter.name} is missing`] : [];
        return parameter.schemaAt === undefined || typeof value === "object"
          ? []
          : broken("text", parameter.schemaAt, value, `field ${parameter.name}`);
      });

  const checkBody = (
    request: FakeRequest,
    operation: Operation,
    parameters: readonly Parameter[],
  ): readonly string[] => {
    const inBody = parameters.find((parameter) => parameter.in === "body");
    if (inBody?.schemaAt !== undefined)
      return request.json === undefined ? [] : broken("body", inBody.schemaAt, request.json, "body");
    const { value, at } = follow(document, `${operation.at}/requestBody`);
    if (!isObject(value)) return [];
    if (request.bytes.length === 0) return value[isRequired] === true ? ["body is missing"] : [];
    const content = value["content"];
    const sent = (request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
    if (!isObject(content)) return [];
    if (content[sent] === undefined && content["*/*"] === undefined)
      return [`content-type ${sent} is not one of ${Object.keys(content).join(", ")}`];
    const type = content[sent] === undefined ? "*/*" : sent;
    const schemaAt = `${at}/content${pointer(type)}/schema`;
    if (follow(document, schemaAt).value === undefined) return [];
    if (type.includes("json") || (type === "*/*" && request.json !== undefined))
      return broken("body", schemaAt, request.json, "body");
    return type.includes("urlencoded") ? broken("text", schemaAt, { ...request.body }, "body") : [];
  };

  return {
    check(sent) {
      const prefix = settings.prefix ?? "";
      if (!sent.path.startsWith(prefix)) return undefined;
      const ownPath = sent.path.slice(prefix.length);
      const isPostedRead =
        settings.postedReads === true && sent.method === "POST" && operationFor(sent, ownPath) === undefined;
      const request = isPostedRead ? asRead(sent) : sent;
      const operation = operationFor(request, ownPath);
      if (operation === undefined) return undefined;
      const parameters = parametersOf(operation);
      const found = [
        ...checkQuery(request, parameters),
        ...checkForm(request, parameters),
        ...checkBody(request, operation, parameters),
      ];
      return found.map((problem) => `${request.method} ${operation.template}: ${problem}`);
    },
  };
};
