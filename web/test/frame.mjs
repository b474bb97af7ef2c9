// The frame: tabs, addresses, keyboard, what is served and nothing else.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

const title = (page) => page.textContent("main h2");
const current = (page) => page.getAttribute("nav a[aria-current=page]", "data-panel");

async function tabs(page, address) {
  await page.goto(address);
  const panels = await page.$$eval("nav a", (links) => links.map((link) => [link.dataset.panel, link.textContent]));
  assert.ok(panels.length >= 3, `${panels.length} panels`);
  assert.equal(await current(page), panels[0][0], "the first is shown");
  for (const [id, words] of panels) {
    await page.click(`nav a[data-panel=${id}]`);
    await page.waitForFunction((words) => document.querySelector("main h2").textContent === words, words);
    assert.equal(await current(page), id);
    assert.match(await page.title(), new RegExp(words));
    assert.match(page.url(), new RegExp(`#${id}`));
  }
  await page.goBack();
  await page.waitForFunction((words) => document.querySelector("main h2").textContent === words, panels.at(-2)[1]);
  await page.goto(`${address}/#no-such-panel`);
  await page.waitForFunction((words) => document.querySelector("main h2").textContent === words, panels[0][1]);
}

async function keyboard(page, address) {
  await page.goto("about:blank");
  await page.goto(`${address}/#diagnose`);
  await page.waitForSelector("main h2");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "panel");
  assert.equal(await title(page), "Diagnose", "the link to the panel leaves the panel as it is");
  for (const control of await page.$$("main input, main select, main textarea")) {
    const named = await control.evaluate((one) => one.labels?.length > 0 || one.hasAttribute("aria-label"));
    assert.ok(named, await control.evaluate((one) => one.outerHTML));
  }
}

/** Every control of every panel has a name, and no panel is wider than a phone. */
async function named(page, address) {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const id of await page.$$eval("nav a", (links) => links.map((link) => link.dataset.panel))) {
    await page.goto(`${address}/#${id}`);
    await page.waitForSelector(`.panel.${id}`);
    await page.waitForTimeout(500);
    const nameless = await page.$$eval("main :is(input, select, textarea, button)", (all) =>
      all.filter((one) => !one.labels?.length && !one.hasAttribute("aria-label") && !one.textContent.trim()).map((one) => one.outerHTML),
    );
    assert.deepEqual(nameless, [], id);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${id} is ${wider} pixels wider than a phone`);
  }
  await page.setViewportSize({ width: 1200, height: 900 });
}

/** The whole page, packed, and whom it asks. */
async function light(page, address) {
  const asked = [];
  const hear = (request) => asked.push(new URL(request.url()));
  page.on("request", hear);
  await page.goto("about:blank");
  await page.goto(address);
  await page.waitForSelector("main h2");
  page.off("request", hear);
  const foreign = asked.filter((url) => url.protocol === "http:" && url.origin !== address);
  assert.deepEqual(foreign.map(String), []);
  let bytes = 0;
  for (const path of ["/", "/app.js", "/app.css"]) bytes += gzipSync(await (await fetch(address + path)).text()).length;
  console.log(`frame: ${bytes} bytes, packed`);
  assert.ok(bytes < 150_000);
}

/** Another site's page gets nothing from here. */
async function foreign(page, address) {
  const refused = await fetch(`${address}/api/diagnose?name=a.csv`, { method: "POST", body: "a", headers: { origin: "http://evil.example" } });
  assert.equal(refused.status, 403);
  await page.goto("about:blank");
  const read = await page.evaluate((url) => fetch(url).then((answer) => answer.text()).catch(() => "nothing"), `${address}/api/study`);
  assert.equal(read, "nothing");
}

export async function test({ lab, open, shoot }) {
  const server = await lab();
  try {
    const address = server.address.replace(/\/$/, "");
    const page = await open(address);
    for (const step of [tabs, keyboard, named, light, foreign]) {
      await step(page, address);
      console.log(`frame: ${step.name}`);
    }
    // The page of another site was refused, and the browser told it so.
    assert.deepEqual(page.errors.filter((error) => !/CORS|ERR_FAILED/.test(error)), []);
    const shown = await open(`${address}/#diagnose`);
    await shown.waitForSelector("main h2");
    await shoot(shown, "frame");
    assert.deepEqual(shown.errors, []);
  } finally {
    server.end();
  }
}
