// Train live: start, change λ while it goes, see the curve go on, stop; a link that holds the state;
// side by side; a table of one's own; frames while digits train; pictures.
import assert from "node:assert/strict";

const DIGITS = "data=digits&n=900&widths=64,64&activation=relu&batch=16&epochs=5000&rate=0.0005&labels=0.1&validation=0.3&speed=0";

const on = (values) => `techniques=${encodeURIComponent(JSON.stringify(values))}`;

async function open(page, address, query) {
  await page.goto("about:blank");
  await page.goto(`${address}/#live?${query}`);
  await page.waitForSelector(".live[data-state=ready]");
}

const epoch = (page) => page.$eval(".live", (root) => Number(root.dataset.epoch));
const reaches = (page, wanted) => page.waitForFunction((wanted) => Number(document.querySelector(".live").dataset.epoch) >= wanted, wanted, { timeout: 60_000 });
const state = (page, wanted) => page.waitForSelector(`.live[data-state=${wanted}]`);
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Start, change λ, stop. */
async function changes(page, address) {
  await open(page, address, `${DIGITS}&${on({ l2: { lambda: 0.001 } })}`);
  const requests = [];
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  await press(page, "Start");
  await reaches(page, 5);
  const slider = page.locator("[data-technique=l2] input[type=range]");
  const before = await epoch(page);
  await slider.fill(await slider.getAttribute("max"));
  await reaches(page, before + 5);
  assert.ok(requests.some((path) => path.endsWith("/change")), "λ changed");
  assert.ok(!requests.some((path) => path.endsWith("/start")), "without a fresh start");
  await page.waitForURL((url) => /"lambda":(?!0\.001)/.test(decodeURIComponent(url.hash)));
  await press(page, "Pause");
  await state(page, "paused");
  const paused = await epoch(page);
  await page.waitForTimeout(400);
  assert.equal(await epoch(page), paused, "a pause holds");
  await press(page, "Go on");
  await reaches(page, paused + 2);
  await press(page, "Stop");
  await state(page, "interrupt");
  const verdict = await page.textContent(".live .verdict");
  assert.ok(verdict.length > 20, `a verdict in words: ${verdict}`);
}

/** Ten updates a second while digits train, and the frames of the page meanwhile. */
async function frames(page, address) {
  await open(page, address, DIGITS);
  await press(page, "Start");
  await reaches(page, 3);
  const measured = await page.evaluate(async () => {
    const root = document.querySelector(".live");
    let updates = 0;
    const seen = new MutationObserver(() => updates++);
    seen.observe(root, { attributes: true, attributeFilter: ["data-state"] });
    const stamps = [];
    const began = performance.now();
    while (performance.now() - began < 10_000) stamps.push(await new Promise(requestAnimationFrame));
    seen.disconnect();
    const gaps = stamps.slice(1).map((stamp, at) => stamp - stamps[at]).sort((a, b) => a - b);
    const share = gaps.filter((gap) => gap < 50).length / gaps.length;
    const at = (part) => gaps[Math.floor(part * (gaps.length - 1))];
    return { updates: updates / 10, frames: gaps.length / 10, share, median: at(0.5), p95: at(0.95), worst: at(1) };
  });
  await press(page, "Stop");
  console.log("live: digits train;", JSON.stringify(measured));
  assert.ok(measured.share >= 0.95, "95% of frames under 50 ms");
}

/** The same link gives the same numbers. */
async function link(page, address) {
  const query = `data=circle&n=100&epochs=30&widths=6&seed=7&beside=true&${on({ dropout: { rate: 0.3 } })}`;
  const numbers = async () => {
    await open(page, address, query);
    await press(page, "Start");
    await state(page, "epochs");
    return page.textContent(".live .gaps");
  };
  const first = await numbers();
  assert.match(first, /loss with.*loss without/s, "side by side");
  assert.equal(await numbers(), first);
}

/** Distillation has its teacher made first, the same for the same link. */
async function taught(page, address) {
  const query = `data=circle&n=100&epochs=10&widths=6&seed=7&beside=true&${on({ distillation: { weight: 0.5, temperature: 2 } })}`;
  const numbers = async () => {
    await open(page, address, query);
    await press(page, "Start");
    await state(page, "epochs");
    assert.equal(await page.isChecked(".technique[data-technique=distillation] input"), true);
    return page.textContent(".live .gaps");
  };
  assert.equal(await numbers(), await numbers());
}

/** The settings that are known to show something show it. */
async function presets(page, address) {
  const promised = {
    circle: ["overfit"],
    "circle-cured": ["good", "overfit"],
    "circle-clean": ["good"],
    xor: ["overfit"],
    "xor-cured": ["good", "overfit"],
    spiral: ["overfit"],
    digits: ["overfit"],
    "digits-cured": ["good", "overfit"],
  };
  const choice = page.getByLabel("Known-good settings");
  await open(page, address, "epochs=40");
  for (const [id, verdicts] of Object.entries(promised)) {
    await choice.selectOption(id);
    await state(page, "ready");
    await page.getByLabel("Speed").selectOption("0");
    await press(page, "Start");
    await state(page, "epochs");
    const found = await page.$$eval(".live .verdict strong", (all) => all.map((one) => one.className.slice(3)));
    assert.deepEqual(found, verdicts, id);
  }
}

/** A table of one's own. */
async function table(page, address) {
  await open(page, address, "epochs=40");
  await page.getByLabel("Examples", { exact: true }).first().selectOption("table");
  const rows = Array.from({ length: 80 }, (_, at) => `${at % 9},${at % 7},${(at % 9) + (at % 7) > 7 ? "high" : "low"}`);
  const buffer = Buffer.from(`a,b,size\n${rows.join("\n")}\n`);
  await page.locator(".drop input").setInputFiles({ name: "mine.csv", mimeType: "text/csv", buffer });
  await page.waitForFunction(() => document.querySelector(".live pre").textContent.includes("table.csv"));
  await press(page, "Start");
  await state(page, "epochs");
  assert.match(await page.textContent(".live .gaps"), /accuracy/);
}

/** What the server refuses is told in its sentence, and the page goes on. */
async function refusals(page, address) {
  await open(page, address, "epochs=40");
  await page.getByLabel("Units of the hidden layers").fill("9999");
  await page.getByLabel("Units of the hidden layers").blur();
  await page.waitForFunction(() => document.querySelector(".live [role=alert]").textContent.includes("at most 512"));
  await page.getByLabel("Units of the hidden layers").fill("8");
  await page.getByLabel("Units of the hidden layers").blur();
  await page.waitForFunction(() => document.querySelector(".live [role=alert]").textContent === "");
}

/** A page that leaves ends its run. */
async function leaves(page, address) {
  await open(page, address, `${DIGITS}`);
  await press(page, "Start");
  await reaches(page, 1);
  const stopped = page.waitForRequest((request) => request.url().endsWith("/stop"));
  await page.goto(`${address}/#diagnose`);
  await stopped;
}

export async function test({ lab, open: begin, shoot }) {
  const server = await lab();
  try {
    const address = server.address.replace(/\/$/, "");
    const page = await begin(address);
    for (const step of [changes, frames, link, taught, presets, table, refusals, leaves]) {
      await step(page, address);
      console.log(`live: ${step.name}`);
    }
    await pictures(page, address, (name) => shoot(page, name));
    assert.deepEqual(page.errors, []);
  } finally {
    server.end();
  }
}

async function pictures(page, address, shot) {
  const query = `speed=0&beside=true&${on({ weight_decay: { lambda: 0.3 } })}`;
  await open(page, address, query);
  await press(page, "Start");
  await state(page, "epochs");
  await shot("live");
  await open(page, address, DIGITS.replace("5000", "60"));
  await press(page, "Start");
  await state(page, "epochs");
  await shot("live-digits");
}
