type Fields = Readonly<Record<string, unknown>>;

/** Where blocks stand; limits: https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/reference/views */
export type Surface = "message" | "modal" | "home";

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const allowed: Readonly<Record<Surface, ReadonlySet<unknown>>> = {
  message: new Set(["header", "section", "context", "actions", "divider"]),
  modal: new Set(["header", "section", "context", "actions", "divider", "input"]),
  home: new Set(["header", "section", "context", "actions", "divider", "input"]),
};

/** Collects what is beyond Slack's limits in one payload. */
const createChecks = () => {
  const broken: string[] = [];
  const say = (path: string, what: string): void => void broken.push(`${path}: ${what}`);

  const length = (path: string, value: unknown, most: number, least = 1): void => {
    if (typeof value !== "string") {
      say(path, "is no text");
      return;
    }
    if (value.length > most) say(path, `has ${value.length} characters, at most ${most} are allowed`);
    if (value.trim().length < least) say(path, "is empty");
  };
  const optional = (path: string, value: unknown, most: number, least = 0): void => {
    if (value !== undefined) length(path, value, most, least);
  };
  const text = (path: string, value: unknown, most: number, kinds: readonly string[]): void => {
    const fields = fieldsOf(value);
    if (!kinds.includes(String(fields["type"]))) say(path, `may not be ${String(fields["type"])}`);
    length(`${path}.text`, fields["text"], most);
  };
  const plain = (path: string, value: unknown, most: number): void => text(path, value, most, ["plain_text"]);
  const count = (path: string, list: readonly unknown[], most: number, least = 1): void => {
    if (list.length > most || list.length < least)
      say(path, `has ${list.length}, between ${least} and ${most} are allowed`);
  };
  const distinct = (path: string, ids: readonly unknown[]): void => {
    const given = ids.filter((id) => id !== undefined);
    if (new Set(given).size !== given.length) say(path, "are not distinct");
  };

  const options = (path: string, list: readonly unknown[], least = 1): void => {
    count(path, list, 100, least);
    for (const [at, value] of list.entries()) {
      const option = fieldsOf(value);
      plain(`${path}[${at}].text`, option["text"], 75);
      length(`${path}[${at}].value`, option["value"], 150);
    }
  };

  const element = (path: string, value: unknown): void => {
    const fields = fieldsOf(value);
    length(`${path}.action_id`, fields["action_id"], 255);
    if (fields["placeholder"] !== undefined) plain(`${path}.placeholder`, fields["placeholder"], 150);
    switch (fields["type"]) {
      case "button": {
        plain(`${path}.text`, fields["text"], 75);
        const confirm = fieldsOf(fields["confirm"]);
        if (fields["confirm"] !== undefined) {
          plain(`${path}.confirm.title`, confirm["title"], 100);
          plain(`${path}.confirm.text`, confirm["text"], 300);
          plain(`${path}.confirm.confirm`, confirm["confirm"], 30);
          plain(`${path}.confirm.deny`, confirm["deny"], 30);
        }
        optional(`${path}.value`, fields["value"], 2_000);
        optional(`${path}.url`, fields["url"], 3_000, 1);
        return;
      }
      case "external_select":
        if (fields["initial_option"] !== undefined)
          options(`${path}.initial_option`, [fields["initial_option"]]);
        return;
      case "static_select":
        options(`${path}.options`, listOf(fields["options"]));
        return;
      case "plain_text_input": {
        const most = typeof fields["max_length"] === "number" ? fields["max_length"] : 3_000;
        if (most > 3_000) say(`${path}.max_length`, "is more than 3000");
        optional(`${path}.initial_value`, fields["initial_value"], most);
        return;
      }
      default:
        say(path, `has the unknown type ${String(fields["type"])}`);
    }
  };

  const block = (path: string, value: unknown, surface: Surface): void => {
    const fields = fieldsOf(value);
    if (!allowed[surface].has(fields["type"])) {
      say(path, `may not be ${String(fields["type"])}`);
      return;
    }
    optional(`${path}.block_id`, fields["block_id"], 255, 1);
    const elements = listOf(fields["elements"]);
    switch (fields["type"]) {
      case "header":
        plain(`${path}.text`, fields["text"], 150);
        return;
      case "section":
        text(`${path}.text`, fields["text"], 3_000, ["plain_text", "mrkdwn"]);
        if (fields["accessory"] !== undefined) element(`${path}.accessory`, fields["accessory"]);
        return;
      case "context":
        count(`${path}.elements`, elements, 10);
        for (const [at, one] of elements.entries())
          text(`${path}.elements[${at}]`, one, 3_000, ["plain_text", "mrkdwn"]);
        return;
      case "actions":
        count(`${path}.elements`, elements, 25);
        distinct(
          `action ids of ${path}`,
          elements.map((one) => fieldsOf(one)["action_id"]),
        );
        for (const [at, one] of elements.entries()) element(`${path}.elements[${at}]`, one);
        return;
      case "input":
        plain(`${path}.label`, fields["label"], 2_000);
        if (fields["hint"] !== undefined) plain(`${path}.hint`, fields["hint"], 2_000);
        element(`${path}.element`, fields["element"]);
    }
  };

  const blocks = (list: readonly unknown[], surface: Surface): void => {
    count("blocks", list, surface === "message" ? 50 : 100);
    distinct(
      "block ids",
      list.map((one) => fieldsOf(one)["block_id"]),
    );
    for (const [at, one] of list.entries()) block(`blocks[${at}]`, one, surface);
  };
  return { broken, length, optional, plain, blocks, options };
};

/** What is beyond Slack's limits in blocks that stand somewhere. */
export const brokenBlocks = (blocks: unknown, surface: Surface): readonly string[] => {
  const checks = createChecks();
  checks.blocks(listOf(blocks), surface);
  return checks.broken;
};

/** What is beyond Slack's limits in a message: its text and its blocks. */
export const brokenMessage = (message: {
  readonly text?: unknown;
  readonly blocks?: unknown;
}): readonly string[] => {
  const checks = createChecks();
  checks.length("text", message.text, 40_000);
  if (message.blocks !== undefined) checks.blocks(listOf(message.blocks), "message");
  return checks.broken;
};

/** What is beyond Slack's limits in a modal or a Home view. */
export const brokenView = (view: unknown): readonly string[] => {
  const fields = fieldsOf(view);
  const checks = createChecks();
  checks.blocks(listOf(fields["blocks"]), fields["type"] === "home" ? "home" : "modal");
  checks.optional("private_metadata", fields["private_metadata"], 3_000);
  checks.optional("callback_id", fields["callback_id"], 255, 1);
  if (fields["type"] === "modal") checks.plain("title", fields["title"], 24);
  for (const name of ["submit", "close"])
    if (fields[name] !== undefined) checks.plain(name, fields[name], 24);
  return checks.broken;
};

/** What is beyond Slack's limits in the options that answer a searchable list. */
export const brokenOptions = (options: unknown): readonly string[] => {
  const checks = createChecks();
  checks.options("options", listOf(options), 0);
  return checks.broken;
};
