import assert from "node:assert/strict";

/** Moves a slider to a place, as a hand does. */
const slide = (page, label, value) =>
  page.getByLabel(label, { exact: true }).evaluate((input, place) => {
    input.value = place;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, String(value));

export async function test({ lab, open, shoot }) {
  const server = await lab();
  try {
    const page = await open(`${server.address}#weight_space?design=irrelevant&lambda=0.02`);
    const told = page.locator(".weight_space .told");
    await told.nth(1).filter({ hasText: "w1" }).waitFor();
    const before = await told.allTextContents();
    assert.ok(!before[1].includes("exactly 0"), before[1]);
    // λ up, until L1 leaves the second weight out; L2 never does.
    await slide(page, "λ", Math.log10(0.4));
    await told.nth(1).filter({ hasText: "w2 = exactly 0" }).waitFor();
    const after = await told.allTextContents();
    assert.ok(after[0].includes("w2 = 0.") && !after[0].includes("exactly"), after[0]);
    // The link holds it all.
    const link = page.url();
    const again = await open(link);
    await again.locator(".weight_space .told").nth(1).filter({ hasText: "exactly 0" }).waitFor();
    assert.deepEqual(await again.locator(".weight_space .told").allTextContents(), after);
    // The numbers are the program's.
    const query = "design=irrelevant&lambda=0.4&ratio=1&noise=1&n=50&rate=0.1&seed=1";
    const scene = await (await page.request.get(`${server.address}api/weight-space?${query}`)).json();
    assert.equal(scene.optimum[1], 0);
    // The optimum of the loss follows the keyboard.
    const star = page.locator(".star").first();
    await star.focus();
    await page.keyboard.press("ArrowUp");
    await page.waitForFunction((text) => document.querySelector(".weight_space .told").textContent !== text, after[0]);
    assert.ok(page.url().includes("best1="));
    await page.getByLabel("gradient descent, dotted without the penalty").check();
    await page.waitForFunction(() => document.querySelector(".descent:not(.plain)").getAttribute("points") !== "");
    await shoot(page, "weight_space");
    assert.deepEqual([...page.errors, ...again.errors], []);
  } finally {
    server.end();
  }
}
