import assert from "node:assert/strict";

export async function test({ lab, open, shoot }) {
  const server = await lab();
  try {
    const page = await open(`${server.address}#linear`);
    const told = page.locator(".linear .told");
    await told.filter({ hasText: "Smallest error: λ" }).waitFor();
    const lasso = await told.textContent();
    const zeros = page.locator(".linear td").filter({ hasText: "exactly 0" });
    assert.ok((await zeros.count()) >= 1);
    // The rule within one standard error takes fewer features, ridge all of them.
    await page.getByLabel("how λ is chosen").selectOption("one_se");
    await page.waitForFunction(() => document.querySelectorAll(".linear .numbers tr").length === 10);
    await told.filter({ hasText: "Smallest error: λ" }).waitFor();
    await page.getByLabel("penalty", { exact: true }).selectOption("ridge");
    await told.filter({ hasText: "8 of 8 features. Within one standard error: λ" }).waitFor();
    assert.equal(await zeros.count(), 0);
    // The link holds it all.
    const ridge = await told.textContent();
    assert.notEqual(ridge, lasso);
    const again = await open(page.url());
    await again.locator(".linear .told").filter({ hasText: "Smallest error: λ" }).waitFor();
    assert.equal(await again.locator(".linear .told").textContent(), ridge);
    // A table of one's own.
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${(i * i) % 11},${3 * (i % 7) + ((i * 5) % 3)}`);
    const csv = Buffer.from(`a,b,price\n${rows.join("\n")}\n`);
    await page.locator("input[type=file]").setInputFiles({ name: "own.csv", mimeType: "text/csv", buffer: csv });
    await page.locator(".linear .notes").filter({ hasText: "40 rows; mean squared error of price" }).waitFor();
    await page.getByLabel("column to predict").selectOption("a");
    await page.locator(".linear .notes").filter({ hasText: "of a (" }).waitFor();
    assert.deepEqual([...page.errors, ...again.errors], []);
    // A file that is no table is told as such.
    await page.locator("input[type=file]").setInputFiles({ name: "no.csv", mimeType: "text/csv", buffer: Buffer.from([0, 1, 2]) });
    await page.locator(".linear .error").filter({ hasText: "expected" }).waitFor();
    await page.getByLabel("table", { exact: true }).selectOption("digits");
    await page.locator(".linear .notes").filter({ hasText: "1797 rows" }).waitFor({ timeout: 120_000 });
    await page.getByLabel("table", { exact: true }).selectOption("made");
    await page.locator(".linear .notes").filter({ hasText: "60 rows" }).waitFor();
    await shoot(page, "linear");
  } finally {
    server.end();
  }
}
