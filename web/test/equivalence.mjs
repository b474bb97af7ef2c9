import assert from "node:assert/strict";

/** Moves a slider to a place, as a hand does. */
const slide = (page, label, value) =>
  page.getByLabel(label, { exact: true }).evaluate((input, place) => {
    input.value = place;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, String(value));

const numbers = (row) => row.locator("td").allTextContents().then((cells) => cells.map(Number));

export async function test({ lab, open, shoot }) {
  const server = await lab();
  try {
    const page = await open(`${server.address}#equivalence?design=unequal&rate=0.3`);
    const card = (kind) => page.locator(`.equivalence .${kind}`);
    for (const kind of ["dropout", "input_noise", "early_stopping", "gaussian_prior"]) {
      const rows = card(kind).locator("table").first().locator("tr");
      await rows.nth(2).waitFor();
      const [found, penalized] = [await numbers(rows.nth(1)), await numbers(rows.nth(2))];
      assert.equal(found.length, 2);
      found.forEach((weight, at) => assert.ok(Math.abs(weight - penalized[at]) < 2e-8 * Math.max(1, Math.abs(weight)), `${kind}: ${found} ${penalized}`));
    }
    // A stronger technique is a stronger penalty, and both sides follow.
    const told = card("dropout").locator(".told");
    const before = await told.textContent();
    await slide(page, "p, the rate of dropout", 0.8);
    await page.waitForFunction((text) => document.querySelector(".dropout .told").textContent !== text, before);
    assert.match(page.url(), /rate=0\.(79|8)/);
    // What is refused is told.
    await page.goto(`${page.url()}&eta=2.5`);
    await page.reload();
    await card("early_stopping").locator(".told.error").filter({ hasText: "expected below" }).waitFor();
    await slide(page, "η, the learning rate", Math.log10(0.05));
    await card("early_stopping").locator("table").first().waitFor();
    // The link holds it all.
    const all = () => page.locator(".equivalence .told").allTextContents();
    const now = await all();
    const again = await open(page.url());
    await again.waitForFunction(() => document.querySelectorAll(".equivalence table").length === 7);
    assert.deepEqual(await again.locator(".equivalence .told").allTextContents(), now);
    await shoot(page, "equivalence");
    // The refusal itself is told on the console as a failed request.
    const wrong = [...page.errors, ...again.errors].filter((error) => !error.includes("422"));
    assert.deepEqual(wrong, []);
  } finally {
    server.end();
  }
}
