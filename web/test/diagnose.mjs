import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A log that overfits from its 12th epoch on. */
const log = () => {
  const rows = Array.from({ length: 40 }, (_, at) => {
    const train = 2 * Math.exp(-at / 8);
    const validation = 0.6 + 1.2 * Math.exp(-at / 5) + Math.max(0, at - 12) * 0.02;
    return `${at + 1},${train.toFixed(4)},${validation.toFixed(4)}`;
  });
  return `epoch,loss,val_loss\n${rows.join("\n")}\n`;
};

export async function test({ lab, open, shoot }) {
  const server = await lab();
  try {
    const page = await open(`${server.address}#diagnose`);
    const input = page.getByLabel("A training log, or several");
    await input.setInputFiles({ name: "history.csv", mimeType: "text/csv", buffer: Buffer.from(log()) });
    await page.locator(".verdict", { hasText: "overfit" }).waitFor();
    await page.locator(".curves canvas").first().waitFor();
    assert.ok((await page.locator("article table tr").count()) > 1, "something to try");
    // The same words and numbers as the program's.
    const folder = mkdtempSync(join(tmpdir(), "lab"));
    const path = join(folder, "history.csv");
    writeFileSync(path, log());
    const program = process.env.WELLFIT ?? new URL("../../target/release/wellfit", import.meta.url).pathname;
    const told = JSON.parse(execFileSync(program, ["diagnose", path, "--json"], { encoding: "utf8" }));
    const sent = await page.request.post(`${server.address}api/diagnose?name=history.csv`, { data: Buffer.from(log()) });
    const { runs } = await sent.json();
    for (const run of [...runs, ...told.runs]) delete run.path;
    assert.deepEqual(runs, told.runs);
    // What is no log is told, and the page goes on.
    const files = [
      { name: "photo.png", mimeType: "image/png", buffer: Buffer.from([137, 80, 78, 71, 1, 2, 3]) },
      { name: "again.csv", mimeType: "text/csv", buffer: Buffer.from(log()) },
    ];
    await input.setInputFiles(files);
    await page.locator("article .error", { hasText: "photo.png" }).waitFor();
    await page.locator(".verdict", { hasText: "overfit" }).waitFor();
    await shoot(page, "diagnose");
    // The browser itself notes an answer of the 400s.
    const others = page.errors.filter((error) => !error.includes("422"));
    assert.deepEqual(others, []);
  } finally {
    server.end();
  }
}
