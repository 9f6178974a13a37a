import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEnvFile } from "./env-file.ts";

describe("readEnvFile", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "env-file-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (content: string | Buffer, mode = 0o600) => {
    writeFileSync(join(folder, ".env"), content);
    chmodSync(join(folder, ".env"), mode);
    return readEnvFile(folder);
  };

  it("says nothing when there is no file", () => {
    expect(readEnvFile(folder)).toEqual({ values: {} });
  });

  it("understands comments, quotes, values over several lines, and files that Windows wrote", () => {
    const pem = "-----BEGIN KEY-----\nAAAA=\nno name here\n-----END KEY-----";
    expect(
      read(`# one\r\n\r\nA=1\r\n  export B = two words # said\r\nC="${pem}" # key\r\nD='x'\r\n`),
    ).toEqual({
      values: { A: "1", B: "two words", C: pem, D: "x" },
    });
    expect(read("\ufeffPORT=1\n")).toEqual({ values: { PORT: "1" } });
  });

  it("takes .env.example as it is, and comments with odd quotes", () => {
    const example = readFileSync(new URL("../../../.env.example", import.meta.url));
    expect(read(example)).toEqual({ values: {} });
    expect(read("#A='don't\n# B=\"\nC=1\n")).toEqual({ values: { C: "1" } });
  });

  it.each([
    ["a line without a sign of equality", "A=1\nGITHUB_TOKEN ghp_canary\n", "line 2"],
    ["a quote that nobody closes", 'A="1\nB="2"\n', "line 2"],
    ["a line after a value over several lines", "A='1\n2'\n- B\n", "line 3"],
  ])("names the line of %s, and repeats nothing of it", (_what, content, line) => {
    expect(read(content)).toEqual({
      problem: `The file .env is not understood at ${line}; each line is NAME=value, or a comment that begins with #.`,
    });
  });

  it("says what is wrong with a file that is no text, or no file", () => {
    expect(read(Buffer.from("PORT=1\n", "utf16le"))).toEqual({
      problem: "The file .env is not a text in UTF-8; save it as one.",
    });
    rmSync(join(folder, ".env"));
    mkdirSync(join(folder, ".env"));
    expect(readEnvFile(folder)).toEqual({
      problem: "The file .env cannot be read (EISDIR); check what it is and its permissions.",
    });
  });

  it("warns when others can read what is set in it, and only then", () => {
    const warning = "Others on this machine can read the file .env; run `chmod 600 .env`.";
    expect(read("A=1", 0o644)).toEqual({ values: { A: "1" }, warning });
    expect(read("A=1", 0o640)).toEqual({ values: { A: "1" }, warning });
    expect(read("A=1", 0o600)).toEqual({ values: { A: "1" } });
    expect(read("# nothing yet", 0o644)).toEqual({ values: {} });
  });
});
