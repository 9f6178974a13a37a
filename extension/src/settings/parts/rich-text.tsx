import { Fragment } from "react";

const pieces = /(\*\*[^*]+\*\*|`[^`]+`|\*[^*\s][^*]*\*)/;

const piece = (text: string) => {
  if (text.startsWith("**")) return <strong>{text.slice(2, -2)}</strong>;
  if (text.startsWith("`")) return <code>{text.slice(1, -1)}</code>;
  if (text.startsWith("*") && text.length > 2) return <em>{text.slice(1, -1)}</em>;
  return text;
};

/** The little markdown that the catalog's help texts use: bold, code, emphasis. Everything else stays text. */
export const RichText = ({ text }: { readonly text: string }) => (
  <>
    {text.split(pieces).map((part, index) => (
      // Parts of one text never move.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <Fragment key={index}>{piece(part)}</Fragment>
    ))}
  </>
);
