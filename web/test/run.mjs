// Drives the page with a browser: every script beside this one, or those that are named.
//
//   npm test [-- NAME...]        WELLFIT=program BROWSER=program SHOTS=folder for pictures
import { chromium } from "playwright-core";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname;
const wellfit = process.env.WELLFIT ?? join(here, "../../target/release/wellfit");
const folder = mkdtempSync(join(tmpdir(), "wellfit-lab-"));

/** The program, serving with a study that begins later, and its address. */
async function serve() {
  const lab = spawn(wellfit, ["lab", "--study", folder], { stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((found, failed) => {
    let told = "";
    lab.on("error", failed);
    lab.on("exit", () => failed(new Error(`the lab ended: ${told}`)));
    lab.stderr.on("data", (part) => {
      told += part;
      const [address] = told.match(/http:\/\/[^/]+/) ?? [];
      if (address) found(address);
    });
  });
  return { lab, address };
}

/** A picture of the page in the light, in the dark and on a phone. */
async function pictures(page, name) {
  const shots = process.env.SHOTS;
  mkdirSync(shots, { recursive: true });
  for (const [kind, colorScheme, width] of [["light", "light", 1200], ["dark", "dark", 1200], ["narrow", "light", 360]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(shots, `${name}-${kind}.png`), fullPage: true });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wider > 0) throw new Error(`${name} is ${wider} pixels wider than a ${width} pixel screen`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1200, height: 900 });
}

async function main() {
  const asked = process.argv.slice(2);
  const all = readdirSync(here).filter((file) => file.endsWith(".mjs") && file !== "run.mjs").sort();
  const names = all.map((file) => file.slice(0, -4)).filter((name) => asked.length === 0 || asked.includes(name));
  if (names.length === 0) throw new Error(`no script is called ${asked.join(" or ")}: there are ${all.join(", ")}`);
  const { lab, address } = await serve();
  const browser = await chromium.launch({ executablePath: process.env.BROWSER ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    for (const name of names) {
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      const wrong = [];
      page.on("pageerror", (error) => wrong.push(error.message));
      // What the policy forbids is told on the console.
      page.on("console", (line) => line.type() === "error" && /Content Security Policy/i.test(line.text()) && wrong.push(line.text()));
      const { test } = await import(`./${name}.mjs`);
      const shot = process.env.SHOTS ? (picture) => pictures(page, picture) : undefined;
      await test({ page, address, shot, browser, wellfit, folder });
      if (wrong.length > 0) throw new Error(`${name}: ${wrong.join("; ")}`);
      await page.close();
      console.log(`${name}: passed`);
    }
  } finally {
    await browser.close();
    lab.kill("SIGINT");
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
