import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packed, packedElement } from "../../report/html/packed.js";
import { scanFiles } from "./byte-scan.js";

const TEXT = 'Grüße an "Ada" 漢字\tLine';
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-scan-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The forms that the text is found in when a file holds some bytes among others. */
function formsIn(bytes: Buffer, name = "file.bin"): readonly string[] {
  writeFileSync(join(folder, name), Buffer.concat([Buffer.from("\0before"), bytes, Buffer.from("after\n")]));
  return scanFiles([folder], [TEXT]).hits.map(({ form }) => form);
}

const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();
const ascii = (text: string) =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

describe("scanFiles", () => {
  it.each<[form: string, bytes: Buffer]>([
    ["as it is", Buffer.from(TEXT)],
    ["as it is, UTF-16LE", Buffer.from(TEXT, "utf16le")],
    ["as it is, UTF-16BE", utf16be(TEXT)],
    ["as it is, hexadecimal", Buffer.from(Buffer.from(TEXT).toString("hex"))],
    ["JSON", Buffer.from(JSON.stringify(TEXT))],
    ["JSON in JSON", Buffer.from(JSON.stringify(JSON.stringify(TEXT)))],
    ["ASCII JSON", Buffer.from(ascii(TEXT))],
    ["lower case", Buffer.from(TEXT.toLowerCase())],
    ["as it is, base64", Buffer.from(Buffer.from(TEXT).toString("base64"))],
    ["as it is, base64", Buffer.from(Buffer.from(`.${TEXT}.`).toString("base64"))],
    ["as it is, base64", Buffer.from(Buffer.from(`..${TEXT}..`).toString("base64"))],
    ["JSON, base64", Buffer.from(Buffer.from(JSON.stringify(TEXT)).toString("base64"))],
  ])("finds a text in the form: %s", (form, bytes) => {
    expect(formsIn(bytes)).toContain(form);
  });

  it("finds URL-safe base64 where it differs", () => {
    const text = "???>>>~~~ÿÿÿ";
    writeFileSync(join(folder, "a"), Buffer.from(text).toString("base64url"));
    expect(scanFiles([folder], [text]).hits.map(({ form }) => form)).toEqual(["as it is, base64url"]);
  });

  it("finds what gzip packed", () => {
    writeFileSync(join(folder, "a.gz"), gzipSync(`x ${TEXT} y`));
    expect(scanFiles([folder], [TEXT]).hits.map(({ form }) => form)).toEqual(["gzip, as it is"]);
  });

  it("finds what a report packed", () => {
    const page = `<!doctype html>\n${packedElement("cases", packed({ asked: TEXT }))}`;
    writeFileSync(join(folder, "r.html"), page);
    expect(page).not.toContain(TEXT);
    expect(scanFiles([folder], [TEXT]).hits.map(({ form }) => form)).toContain("report, JSON");
  });

  it("finds nothing where one byte differs", () => {
    expect(formsIn(Buffer.from(TEXT.replace("Ada", "Adb")))).toEqual([]);
  });

  it("finds a text that lies across two pieces of a large file, and says where", () => {
    const at = 16 * 1024 * 1024 - 5;
    const content = Buffer.alloc(at + 2_000, 0x2e);
    content.write("a longer text to look for", at);
    writeFileSync(join(folder, "large"), content);
    const { hits, bytes, files } = scanFiles([folder, folder], ["a longer text to look for"]);
    expect({ files, bytes }).toEqual({ files: 1, bytes: content.length });
    expect(hits).toMatchObject([{ offset: at }]);
  });
});
