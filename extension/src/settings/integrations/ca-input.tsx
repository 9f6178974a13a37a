import { FieldInput } from "./field-input.tsx";

/** Whom to trust for a server whose certificate is not signed by a public authority. */
export const CaInput = ({
  value,
  onChange,
  wrong,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly wrong: string | undefined;
}) => (
  <FieldInput
    field={{
      key: "ca",
      label: "Private certificate authority",
      help: "PEM text of the authority that signed the server's certificate. Only for servers of your own.",
      format: "pem",
      choices: undefined,
      example: "-----BEGIN CERTIFICATE-----",
      fallback: undefined,
    }}
    value={value}
    onChange={onChange}
    wrong={wrong}
  />
);
