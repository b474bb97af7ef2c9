// Weight space: λ up until L1 leaves a weight out, a link that holds it all, the optimum moved by keys.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

const told = (page) => page.locator(".weight_space .told");
const says = (page, place, words) => told(page).nth(place).filter({ hasText: words }).waitFor();

async function open(page, address, query) {
  await page.goto("about:blank");
  await page.goto(`${address}/#weight_space?${query}`);
  await says(page, 1, "w1");
}

/** Moves a slider as a hand does. */
const slide = (page, label, value) => page.getByLabel(label, { exact: true }).fill(String(value));

/** Under L1 the second weight becomes exactly zero, under L2 only small. */
async function zero({ page, address }) {
  await open(page, address, "design=irrelevant&lambda=0.02");
  assert.doesNotMatch(await told(page).nth(1).textContent(), /exactly/);
  const place = await page.getByLabel("λ", { exact: true }).evaluate((input) => Number(input.step) * 130 + Number(input.min));
  await slide(page, "λ", place);
  await says(page, 1, "w2 = exactly 0");
  assert.match(await told(page).nth(0).textContent(), /w2 = 0\.\d/);
}

/** The link shows the same, and so does the command line. */
async function link({ page, wellfit }) {
  const before = await told(page).allTextContents();
  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  await says(page, 1, "exactly 0");
  assert.deepEqual(await told(page).allTextContents(), before);
  const lambda = new URLSearchParams(address.split("?")[1]).get("lambda");
  const asked = ["--design", "irrelevant", "--lambda", lambda, "--mix", "0", "--json"];
  const scene = JSON.parse(execFileSync(wellfit, ["plot", "weight-space", ...asked]));
  const shown = Number(/w1 = ([\d.]+)/.exec(before[0])[1]);
  assert.equal(shown, Number(scene.optimum[0].toPrecision(4)));
}

/** The optimum of the loss follows the arrow keys. */
async function moved({ page }) {
  const before = await told(page).nth(0).textContent();
  await page.locator(".star").first().focus();
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction((text) => document.querySelector(".weight_space .told").textContent !== text, before);
  assert.match(page.url(), /best1=/);
  await page.getByLabel("gradient descent, dotted without the penalty").check();
  await page.waitForFunction(() => document.querySelector(".descent:not(.plain)").getAttribute("points") !== "");
}

export async function test(tools) {
  for (const step of [zero, link, moved]) {
    await step(tools);
    console.log(`weight_space: ${step.name}`);
  }
  await tools.shot?.("weight_space");
}
