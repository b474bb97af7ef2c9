// Studies: one that begins while the page looks, live; the same file sent; one that is none.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const RECIPE = `seed = 1

[data]
digits = {}

[model]
mlp = { widths = [16] }

[train]
epochs = 27
batch_size = 64
learning_rate = 0.1
`;

const count = (page) => page.$eval("article .verdict", (verdict) => Number(verdict.textContent.split(" ")[0]));
const numbers = (page) => page.$$eval("article table tr", (rows) => rows.map((row) => row.textContent));

/** `wellfit tune` runs, and the page follows. */
async function live({ page, address, program, folder }) {
  await page.goto("about:blank");
  await page.goto(`${address}/#study?file=0`);
  await page.waitForFunction(() => document.querySelector(".told").classList.contains("error"));
  assert.match(await page.textContent(".told"), /study\.log/, "the file is not there yet");
  const desk = mkdtempSync(join(tmpdir(), "wellfit-desk-"));
  writeFileSync(join(desk, "recipe.toml"), RECIPE);
  const tune = spawn(program, ["tune", "recipe.toml", "--out", folder, "--set", "tune.trials=60", "--set", "tune.seeds=2", "--quiet"], { cwd: desk, stdio: "ignore" });
  const ended = new Promise((done) => tune.on("exit", done));
  // Every state of the search that the page tells.
  await page.evaluate(() => {
    const told = document.querySelector(".told");
    window.seen = [];
    new MutationObserver(() => window.seen.push(told.textContent)).observe(told, { childList: true });
  });
  await ended;
  rmSync(desk, { recursive: true });
  await page.waitForFunction(() => document.querySelector("article .verdict")?.textContent.includes(" 0 running; best"));
  const seen = new Set(await page.evaluate(() => window.seen));
  assert.ok(seen.size >= 3 && [...seen].some((words) => !words.includes(" 0 running")), [...seen].join("\n"));
  const dots = await page.$$eval("svg.study .dot", (all) => all.length);
  assert.ok(dots > 1 && (await page.$("svg.study .dot.best")), `${dots} dots`);
  assert.ok(await page.$("svg.study .way"), "the values on the way");
  console.log(`study: told ${seen.size} states of the search, ${await count(page)} trials at the end`);
}

/** The link gives the same numbers again, and so does the file itself. */
async function again({ page, address, folder }) {
  const before = await numbers(page);
  await page.goto("about:blank");
  await page.goto(`${address}/#study?file=0`);
  await page.waitForSelector("article table");
  assert.deepEqual(await numbers(page), before);
  const buffer = readFileSync(join(folder, "study.log"));
  await page.setInputFiles(".drop input", { name: "study.log", mimeType: "text/plain", buffer });
  await page.waitForFunction(() => document.querySelector("article table"));
  assert.deepEqual(await numbers(page), before);
}

async function refused({ page, address }) {
  await page.goto("about:blank");
  await page.goto(`${address}/#study`);
  await page.setInputFiles(".drop input", { name: "none.log", mimeType: "text/plain", buffer: Buffer.from("{}\n{}\n") });
  await page.waitForFunction(() => document.querySelector(".told.error")?.textContent.includes("line 1"));
}

export async function test({ lab, open, shoot, program }) {
  const folder = mkdtempSync(join(tmpdir(), "wellfit-tune-"));
  const server = await lab("--study", folder);
  try {
    const address = server.address.replace(/\/$/, "");
    const page = await open(address);
    for (const step of [live, again]) {
      await step({ page, address, program, folder });
      console.log(`study: ${step.name}`);
    }
    await shoot(page, "study");
    await refused({ page, address });
    console.log("study: refused");
    assert.deepEqual(page.errors, []);
  } finally {
    server.end();
    rmSync(folder, { recursive: true });
  }
}
