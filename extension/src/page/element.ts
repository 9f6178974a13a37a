type Child = Node | string | undefined;

export interface Props {
  readonly class?: string | undefined;
  readonly text?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | boolean | undefined>> | undefined;
  readonly on?: Readonly<Record<string, (event: Event) => void>> | undefined;
}

/** Builds an element. Text is always set as text, never as markup: what a page says stays words. */
export const element = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] => {
  const made = document.createElement(tag);
  if (props.class !== undefined) made.className = props.class;
  if (props.text !== undefined) made.textContent = props.text;
  for (const [name, value] of Object.entries(props.attributes ?? {})) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  for (const [name, listener] of Object.entries(props.on ?? {})) made.addEventListener(name, listener);
  made.append(...children.filter((child) => child !== undefined));
  return made;
};

const svgNames = "http://www.w3.org/2000/svg";

/** A 16 px line icon from path data of our own. */
export const icon = (paths: string): SVGSVGElement => {
  const svg = document.createElementNS(svgNames, "svg");
  for (const [name, value] of Object.entries({
    viewBox: "0 0 16 16",
    width: "16",
    height: "16",
    "aria-hidden": "true",
    class: "icon",
  })) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS(svgNames, "path");
  path.setAttribute("d", paths);
  svg.append(path);
  return svg;
};

/** Runs `act` only for what a person did: a script of the page can click too, but its events are not trusted. */
export const byPerson =
  (act: (event: Event) => void) =>
  (event: Event): void => {
    if (event.isTrusted) act(event);
  };
