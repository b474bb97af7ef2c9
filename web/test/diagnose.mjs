// Diagnose: a log that is chosen, one that is dropped, several, one that cannot be read.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A log whose validation loss turns at epoch 20, or never. */
function log(turns) {
  const rows = Array.from({ length: 60 }, (_, at) => {
    const epoch = at + 1;
    const turn = turns ? 0.01 * Math.max(0, epoch - 20) : 0;
    const value = 0.5 + 1 / epoch + turn + 0.002 * Math.sin(epoch * 12.9898);
    return `${epoch},${(0.9 / Math.sqrt(epoch)).toFixed(5)},${value.toFixed(5)}`;
  });
  return `epoch,loss,val_loss\n${rows.join("\n")}\n`;
}

const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const told = (page, words) => page.waitForFunction((words) => document.querySelector(".told").textContent.includes(words), words);

async function open(page, address) {
  await page.goto("about:blank");
  await page.goto(`${address}/#diagnose`);
  await page.waitForSelector(".drop input");
}

/** The page says what the command line says. */
async function chosen({ page, address, program }) {
  await open(page, address);
  await page.setInputFiles(".drop input", file("turns.csv", log(true)));
  await told(page, "overfit");
  const folder = mkdtempSync(join(tmpdir(), "wellfit-log-"));
  writeFileSync(join(folder, "turns.csv"), log(true));
  const said = JSON.parse(execFileSync(program, ["diagnose", "--json", "turns.csv"], { cwd: folder }));
  rmSync(folder, { recursive: true });
  const shown = await page.textContent("article");
  const [run] = said.runs;
  for (const symptom of run.symptoms) assert.ok(shown.includes(symptom.summary), symptom.summary);
  for (const remedy of run.prescription) {
    for (const words of [remedy.technique, remedy.reason, remedy.start]) assert.ok(shown.includes(words), words);
  }
  await page.waitForSelector("article .chart path.line.validation");
  assert.equal(await page.getAttribute(".told", "aria-live"), "polite");
}

/** Files that are dropped on the page, as a file manager does. */
async function dropped({ page, address }) {
  await open(page, address);
  const files = await page.evaluateHandle((texts) => {
    const carried = new DataTransfer();
    texts.forEach((text, at) => carried.items.add(new File([text], `run-${at}.csv`)));
    return carried;
  }, [log(true), log(false)]);
  await page.dispatchEvent(".drop", "dragover", { dataTransfer: files });
  assert.ok(await page.$(".drop.over"));
  await page.dispatchEvent(".drop", "drop", { dataTransfer: files });
  await page.waitForFunction(() => document.querySelectorAll("article .verdict").length === 2);
  const verdicts = await page.$$eval("article .verdict strong", (all) => all.map((one) => one.textContent));
  assert.match(verdicts[0], /^overfit since/);
  assert.doesNotMatch(verdicts[1], /^overfit/);
}

/** What cannot be read is told in a sentence, and what stands in a log stays text. */
async function refused({ page, address }) {
  await open(page, address);
  await page.setInputFiles(".drop input", [file("noise.csv", "\u0000\u0001\u0002"), file("good.csv", log(false))]);
  await page.waitForSelector("article .error");
  assert.match(await page.textContent("article .error"), /noise\.csv/);
  await page.waitForSelector("article .verdict");
  await told(page, "noise.csv could not be read");
  const markup = "epoch,loss,<img src=x onerror=alert(1)>\n1,2,3\n2,1,3\n";
  await page.setInputFiles(".drop input", file("<b>.csv", markup));
  await page.waitForSelector("article");
  assert.equal(await page.$("main img, main b"), null);
}

export async function test({ lab, open, shoot, program }) {
  const server = await lab();
  try {
    const address = server.address.replace(/\/$/, "");
    const page = await open(address);
    for (const step of [refused, dropped, chosen]) {
      await step({ page, address, program });
      console.log(`diagnose: ${step.name}`);
    }
    await shoot(page, "diagnose");
    assert.deepEqual(page.errors, []);
  } finally {
    server.end();
  }
}
