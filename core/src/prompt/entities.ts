const named: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  excl: "!",
  lsqb: "[",
  lbrack: "[",
  rsqb: "]",
  rbrack: "]",
  lpar: "(",
  rpar: ")",
  commat: "@",
  sol: "/",
  bsol: "\\",
  colon: ":",
  semi: ";",
  equals: "=",
  num: "#",
  grave: "`",
  hyphen: "\u2010",
  dash: "\u2010",
  period: ".",
  comma: ",",
  quest: "?",
  lowbar: "_",
  ast: "*",
  plus: "+",
  percnt: "%",
  dollar: "$",
  lcub: "{",
  lbrace: "{",
  rcub: "}",
  rbrace: "}",
  verbar: "|",
  vert: "|",
  hat: "^",
  shy: "\u00ad",
  zwj: "\u200d",
  zwnj: "\u200c",
  lrm: "\u200e",
  rlm: "\u200f",
  tab: "\t",
  newline: "\n",
  zerowidthspace: "\u200b",
  nobreak: "\u2060",
  negativethinspace: "\u200b",
  negativemediumspace: "\u200b",
  negativethickspace: "\u200b",
  negativeverythinspace: "\u200b",
  ensp: "\u2002",
  emsp: "\u2003",
};
const entity = /&(?:#x([0-9a-f]{1,8});?|#(\d{1,8});?|([a-z]{2,24});|(lt|gt|amp|quot|nbsp|shy)(?!=))/gi;

const fromCode = (code: number): string => {
  // As HTML has it: https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return "\ufffd";
  return String.fromCodePoint(code);
};

/** Character entities as characters, numeric ones all, named ones where they can hide something; `&lt` without its semicolon too, as browsers read it. */
export const decodeEntities = (text: string): string =>
  text.replace(entity, (whole, hex?: string, decimal?: string, name?: string, bare?: string) => {
    if (hex !== undefined) return fromCode(Number.parseInt(hex, 16));
    if (decimal !== undefined) return fromCode(Number.parseInt(decimal, 10));
    return named[(name ?? bare ?? "").toLowerCase()] ?? whole;
  });
