import { type Line, sayProblem } from "../client.ts";
import type { Asked, AskInput } from "../messages.ts";
import type { Attachment } from "./attach.ts";
import { byPerson, element, icon } from "./element.ts";
import { createPopover, type Popover } from "./popover.ts";
import { isLive, runLine } from "./run-line.ts";

export interface ComposerOptions {
  readonly opener: HTMLElement;
  readonly signal: AbortSignal;
  readonly line: Line;
  readonly place: () => {
    readonly url: string;
    readonly label: string;
    readonly title?: string | undefined;
    readonly branch?: string | undefined;
  };
  readonly attachments: () => readonly Attachment[];
  readonly status: () => void;
  readonly setup: () => void;
  /** Told after each ask and each news of it. */
  readonly asked: (asked: Asked) => void;
}

export interface Composer extends Pick<Popover, "close" | "isOpen"> {
  readonly box: HTMLElement;
  readonly open: (text?: string) => void;
}

/** Milliseconds between two questions about a run that is going on. */
const followPause = 2_500;
/** The same while the run does not exist yet. */
const beginPause = 500;
/** Milliseconds of quiet before the preview is made again. */
const previewPause = 250;

export const createComposer = (options: ComposerOptions): Composer => {
  const box = element("div", {
    class: "composer",
    attributes: { role: "dialog", "aria-labelledby": "title" },
  });
  const title = element("h2", { attributes: { id: "title" } });
  const text = element("textarea", {
    attributes: { id: "text", rows: "4", maxlength: "20000", "aria-describedby": "goes" },
  });
  const extras = element("fieldset");
  const preview = element("pre", {
    attributes: { tabindex: "0", role: "region", "aria-label": "Exactly what is sent" },
  });
  const details = element("details", {}, element("summary", { text: "Exactly what is sent" }), preview);
  const goes = element("p", { class: "goes", attributes: { id: "goes" } });
  const problem = element("p", { class: "problem", attributes: { role: "alert" } });
  const send = element("button", { class: "primary", text: "Ask", attributes: { type: "button" } });
  const setup = element("button", {
    text: "Connect first",
    class: "primary",
    attributes: { type: "button", hidden: true },
  });
  const closeButton = element(
    "button",
    { class: "quiet bare", attributes: { type: "button", "aria-label": "Close" } },
    icon("M4 4l8 8M12 4l-8 8"),
  );
  const form = element(
    "form",
    {},
    element("div", { class: "head" }, title, closeButton),
    element("label", { class: "field", text: "What should OpenHands do?" }, text),
    extras,
    details,
    problem,
    element("div", { class: "foot" }, goes, setup, send),
  );
  const done = element("div", { class: "done", attributes: { role: "status" } });
  box.append(form);

  // The page can reach into our boxes; what is sent is only what a person typed or chose.
  let typed = "";
  let found: readonly Attachment[] = [];
  let requestId = "";
  let previewTimer: number | undefined;

  const picked = (): readonly Attachment[] =>
    found.filter(
      (_item, index) => extras.querySelector<HTMLInputElement>(`input[value="${index}"]`)?.checked !== false,
    );

  const input = (): AskInput => {
    const { url, title: pageTitle, branch } = options.place();
    const context = picked().map((item) => item.context);
    return {
      url,
      text: typed,
      requestId,
      ...(context.length > 0 && { context }),
      ...(pageTitle !== undefined && { title: pageTitle }),
      ...(branch !== undefined && { branch }),
    };
  };

  const showPreview = async (): Promise<void> => {
    if (!popover.isOpen()) return;
    try {
      const made = await options.line(
        "preview-ask",
        typed.trim() === "" ? { ...input(), text: "…" } : input(),
      );
      goes.textContent = made.goes;
      preview.textContent = typed.trim() === "" ? "Nothing yet." : made.text;
      send.hidden = false;
      setup.hidden = true;
    } catch (cause) {
      goes.textContent = sayProblem(cause);
      preview.textContent = "Nothing: there is no connection yet.";
      send.hidden = true;
      setup.hidden = false;
    }
  };

  const previewSoon = (): void => {
    window.clearTimeout(previewTimer);
    previewTimer = window.setTimeout(() => void showPreview(), previewPause);
  };

  const showExtras = (): void => {
    extras.hidden = found.length === 0;
    const rows = found.map((item, index) =>
      element(
        "label",
        { class: "check" },
        element("input", {
          attributes: { type: "checkbox", value: String(index), checked: true },
          on: { change: byPerson(previewSoon) },
        }),
        element("span", { text: item.label }),
      ),
    );
    extras.replaceChildren(element("legend", { text: "Goes along" }), ...rows);
  };

  const follow = (asked: Asked): void => {
    options.asked(asked);
    const more = element("button", {
      text: "Show status",
      attributes: { type: "button" },
      on: { click: byPerson(options.status) },
    });
    const again = element("button", {
      class: "quiet",
      text: "Ask something else",
      attributes: { type: "button" },
      on: { click: byPerson(() => open()) },
    });
    const says = asked.says === undefined ? undefined : element("p", { text: asked.says });
    const line = asked.run === undefined ? [] : runLine(asked.run);
    const focused = box.querySelector(":focus") !== null;
    done.replaceChildren(
      element(
        "div",
        { class: "head" },
        element("h2", { text: "Asked", attributes: { id: "title" } }),
        closeButton,
      ),
      ...line,
      ...(says ? [says] : []),
      element("div", { class: "foot" }, again, more),
    );
    if (focused && box.querySelector(":focus") === null) more.focus();
    if (!popover.isOpen() || options.signal.aborted) return;
    if (asked.run !== undefined && !isLive(asked.run)) return;
    window.setTimeout(() => void look(asked), asked.run === undefined ? beginPause : followPause);
  };

  const look = async (asked: Asked): Promise<void> => {
    if (!popover.isOpen() || options.signal.aborted || !done.isConnected) return;
    if (document.hidden) {
      window.setTimeout(() => void look(asked), followPause);
      return;
    }
    const news = await options
      .line("follow-ask", { url: options.place().url, key: asked.key })
      .catch((cause: unknown) => ({ ...asked, says: sayProblem(cause) }));
    if (done.isConnected) follow(news);
  };

  const ask = async (): Promise<void> => {
    problem.textContent = "";
    if (text.value !== typed) {
      text.value = typed;
      problem.textContent =
        "The page changed your text, so nothing was sent. This is what you wrote; send it again if it is right.";
      return;
    }
    if (typed.trim() === "") {
      problem.textContent = "Write what OpenHands should do, or choose a ready-made ask.";
      return text.focus();
    }
    send.disabled = true;
    try {
      const asked = await options.line("ask", input());
      typed = "";
      box.replaceChildren(done);
      box.focus();
      follow(asked);
    } catch (cause) {
      problem.textContent = sayProblem(cause);
    } finally {
      send.disabled = false;
    }
  };

  const popover = createPopover({
    box,
    opener: options.opener,
    near: () => options.opener.parentElement ?? options.opener,
    signal: options.signal,
    light: () => typed.trim() === "",
  });

  const open = (ready?: string): void => {
    if (ready !== undefined) typed = ready;
    found = options.attachments();
    requestId = crypto.randomUUID();
    const { label } = options.place();
    title.replaceChildren("Ask OpenHands ", element("span", { class: "place", text: label }));
    text.value = typed;
    problem.textContent = "";
    form.querySelector(".head")?.append(closeButton);
    box.replaceChildren(form);
    showExtras();
    popover.open();
    text.focus();
    text.setSelectionRange(typed.length, typed.length);
    details.open = ready !== undefined;
    void showPreview();
  };

  box.tabIndex = -1;
  text.addEventListener(
    "input",
    byPerson(() => {
      typed = text.value;
      requestId = crypto.randomUUID();
      previewSoon();
    }),
  );
  // A submit event counts as a person's even when a script pressed the button, so there is no submitting: clicks and keys tell the truth.
  form.addEventListener("submit", (event) => event.preventDefault());
  send.addEventListener(
    "click",
    byPerson(() => void ask()),
  );
  text.addEventListener(
    "keydown",
    byPerson((event) => {
      const key = event as KeyboardEvent;
      if (key.key === "Enter" && (key.ctrlKey || key.metaKey)) void ask();
    }),
  );
  closeButton.addEventListener(
    "click",
    byPerson(() => popover.close()),
  );
  setup.addEventListener("click", byPerson(options.setup));
  return { box, open, close: popover.close, isOpen: popover.isOpen };
};
