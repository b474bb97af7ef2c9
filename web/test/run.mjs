// Drives the lab in a real browser: `npm test [-- PANEL ...]`, with WELLFIT naming the program (the
// release build unless told) and CHROMIUM the browser. Each panel has a script beside this one, which
// is given a page; pictures go to the folder SHOTS where that is set.
import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { once } from "node:events";
import { chromium } from "playwright-core";

const program = process.env.WELLFIT ?? new URL("../../target/release/wellfit", import.meta.url).pathname;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

/** Starts the lab, and tells its address and how to end it. */
async function lab(...more) {
  const child = spawn(program, ["lab", ...more], { stdio: ["ignore", "ignore", "pipe"] });
  let told = "";
  while (!/http:\S+/.test(told)) {
    const [chunk] = await once(child.stderr, "data");
    told += chunk;
  }
  child.stderr.resume();
  return { address: /http:\S+/.exec(told)[0], end: () => child.kill("SIGINT") };
}

/** A page whose errors, the policy's refusals among them, fail the test. */
async function open(address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  // The browser itself notes an answer of the 400s, which a test may well ask for.
  const asked = /the server responded with a status of 4/;
  page.on("console", (message) => message.type() === "error" && !asked.test(message.text()) && errors.push(message.text()));
  await page.goto(address);
  page.errors = errors;
  return page;
}

/** Pictures of a page in light, dark and 360 pixels wide. */
async function shoot(page, name) {
  const folder = process.env.SHOTS;
  if (!folder) return;
  await page.screenshot({ path: `${folder}/${name}-light.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${folder}/${name}-dark.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${folder}/${name}-narrow.png`, fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > 360) throw new Error(`${name} is ${wide} pixels wide on a page of 360`);
  await page.setViewportSize({ width: 1280, height: 900 });
}

const folder = new URL(".", import.meta.url);
const wanted = process.argv.slice(2);
const scripts = (await readdir(folder)).filter((file) => file.endsWith(".mjs") && file !== "run.mjs").sort();
let failed = 0;
for (const file of scripts) {
  const name = file.slice(0, -4);
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    const { test } = await import(new URL(file, folder));
    await test({ lab, open, shoot, program });
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}: ${error.stack}`);
  }
}
await browser.close();
process.exit(failed > 0 ? 1 : 0);
