import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export async function test({ lab, open, shoot }) {
  const program = process.env.WELLFIT ?? new URL("../../target/release/wellfit", import.meta.url).pathname;
  const recipe = new URL("../../examples/digits.toml", import.meta.url).pathname;
  const out = join(mkdtempSync(join(tmpdir(), "lab")), "tune");
  const sets = ["train.epochs=30", "tune.trials=40", "tune.seeds=2", "tune.finalists=2"].flatMap((set) => ["--set", set]);
  const tune = spawn(program, ["tune", recipe, "--out", out, ...sets], { stdio: "ignore" });
  const ended = once(tune, "exit");
  try {
    while (!existsSync(join(out, "study.log"))) await pause(100);
    const server = await lab("--study", out);
    try {
      const page = await open(`${server.address}#study`);
      const verdict = page.locator(".study .verdict");
      await verdict.waitFor();
      const count = async () => Number(/^(\d+) trials/.exec(await verdict.textContent())?.[1]);
      const first = await count();
      // It grows while the page looks on.
      await page.waitForFunction((before) => Number(/^\d+/.exec(document.querySelector(".study .verdict").textContent)[0]) > before, first, { timeout: 60_000 });
      await ended;
      await verdict.filter({ hasText: "0 running" }).waitFor();
      await page.locator(".dot.best").waitFor();
      await shoot(page, "study");
      const last = await count();
      const buffer = readFileSync(join(out, "study.log"));
      await page.getByLabel("A study file", { exact: true }).setInputFiles({ name: "study.log", mimeType: "text/plain", buffer });
      await verdict.waitFor();
      assert.equal(await count(), last);
      assert.deepEqual(page.errors, []);
    } finally {
      server.end();
    }
  } finally {
    tune.kill("SIGKILL");
  }
}
