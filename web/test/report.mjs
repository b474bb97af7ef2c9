// Offline reports: their curves are drawn by the script that the lab's page has too, from a file.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const recipe = `seed = 1
[data]
digits = {}
validation = 0.2
[model]
mlp = { widths = [8] }
[train]
epochs = 4
batch_size = 64
learning_rate = 0.1
`;

/** The report that each command leaves. */
function reports(program, folder) {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${(i * i) % 11},${3 * (i % 7) + ((i * 5) % 3)}`);
  writeFileSync(join(folder, "table.csv"), `a,b,price\n${rows.join("\n")}\n`);
  writeFileSync(join(folder, "log.csv"), "epoch,loss,val_loss\n1,0.9,1.0\n2,0.5,0.7\n3,0.3,0.8\n4,0.2,0.9\n");
  writeFileSync(join(folder, "recipe.toml"), recipe);
  const run = (...words) => execFileSync(program, [...words, "--quiet"], { cwd: folder, stdio: "pipe" });
  execFileSync(program, ["diagnose", "log.csv", "--html", "log.html"], { cwd: folder, stdio: "pipe" });
  run("path", "table.csv", "--target", "price", "--penalty", "lasso", "--out", "path");
  run("train", "recipe.toml", "--out", "train");
  return { diagnose: "log.html", path: "path/report.html", train: "train/report.html" };
}

/** Curves, values at the keys, a line that is switched off. */
async function answers(page) {
  const chart = page.locator(".chart").first();
  await chart.locator("path.line").first().waitFor();
  const lines = await chart.locator("path.line").count();
  await chart.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await chart.locator(".tip").textContent(), /\n {2}\S.*: -?\d/);
  await page.keyboard.press("+");
  await chart.getByRole("button", { name: "show all" }).click();
  await chart.locator("input").first().uncheck();
  assert.ok((await chart.locator("path.line").count()) < lines);
  await chart.locator("input").first().check();
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= room, `${wide} pixels wide on a page of ${room}`);
}

export async function test({ open, shoot, program }) {
  const folder = mkdtempSync(join(tmpdir(), "wellfit-report-"));
  try {
    for (const [name, file] of Object.entries(reports(program, folder))) {
      const page = await open(pathToFileURL(join(folder, file)).href);
      await answers(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await answers(page);
      assert.deepEqual(page.errors, []);
      await shoot(page, `report-${name}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
