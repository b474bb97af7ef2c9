import type { State } from "../address";
import { choice, drop } from "../control";
import { digits, html } from "../element";
import type { Panel } from "../panel";
import { ask, send } from "../request";
import { narrow, trials, ways } from "./study/picture";
import type { Study } from "./study/study";
import "./study/study.css";
import { table } from "./study/table";

function verdict(study: Study): string {
  const best = study.trials.find((trial) => trial.number === study.best);
  const words = best ? `best ${digits(best.value ?? Number.NaN, 5)}, trial ${best.number}` : "no trial has run to its end yet";
  return `${study.count} ${study.count === 1 ? "trial" : "trials"}, ${study.running} running; ${words}`;
}

function shown(study: Study): HTMLElement {
  const best = study.trials.find((trial) => trial.number === study.best);
  const on = ways(study);
  const article = html("article", {}, html("h3", {}, study.name), html("p", { class: "verdict" }, verdict(study)));
  article.append(
    trials(study),
    html("p", { class: "about" }, "Full dots ran to their end, rings were given up on the way or still run; the dashed line is the best so far."),
  );
  if (on) article.append(html("h3", {}, "On the way"), on);
  if (best) article.append(html("h3", {}, `What trial ${best.number} adds to the recipe`), html("pre", {}, best.recipe || "nothing: plain"));
  article.append(html("h3", {}, "The best trials"), table(study));
  return article;
}

/** Which files the server may read, and the one that is followed. */
async function files(state: State, follow: (id: string) => void): Promise<Node[]> {
  const list = await ask<{ id: number; name: string }[]>("/api/study", new URLSearchParams());
  const among = list.map(({ id, name }): [string, string] => [String(id), name]);
  const [first] = among;
  if (!first) return [];
  const asked = state.text("file", first[0]);
  const value = among.some(([id]) => id === asked) ? asked : first[0];
  const change = (id: string) => {
    state.set("file", id);
    follow(id);
  };
  follow(value);
  return [choice({ label: "Study file", among, value, change })];
}

export const panel: Panel = {
  id: "study",
  title: "Studies",
  about: "A search as it goes: start the lab with --study runs/NAME-tune beside wellfit tune, or drop a study file in Optuna's journal format.",
  mount(root, state) {
    let events: EventSource | undefined;
    let left = false;
    const told = html("p", { class: "told", "aria-live": "polite" });
    const studies = html("div");
    const tell = (words: string, wrong = false) => {
      told.textContent = words;
      told.classList.remove("unseen");
      told.classList.toggle("error", wrong);
    };
    let last: Study[] = [];
    const show = (found: Study[]) => {
      last = found;
      studies.replaceChildren(...found.map(shown));
      tell(found.map(verdict).join("; ") || "the file holds no study yet");
      // The same words stand in sight above each picture.
      told.classList.toggle("unseen", found.length > 0);
    };
    const failed = (error: unknown) => tell(error instanceof Error ? error.message : String(error), true);
    const follow = (id: string) => {
      events?.close();
      if (left) return;
      const own = new EventSource(`/api/study/${encodeURIComponent(id)}/events`);
      own.onmessage = (event) => show(JSON.parse(event.data));
      own.addEventListener("refused", (event) => tell(JSON.parse(event.data), true));
      own.onerror = () => tell("waiting for the server …");
      events = own;
    };
    const take = ([file]: File[]) => {
      if (!file) return;
      events?.close();
      studies.replaceChildren();
      tell(`reading ${file.name} …`);
      send<Study[]>("/api/study", file).then(show).catch(failed);
    };
    const chosen = html("div");
    files(state, follow).then((controls) => chosen.append(...controls)).catch(failed);
    root.append(chosen, drop({ label: "A study file", take }), told, studies);
    // The pictures of a narrow page are drawn for it.
    const redraw = () => last.length > 0 && show(last);
    narrow.addEventListener("change", redraw);
    return () => {
      left = true;
      narrow.removeEventListener("change", redraw);
      events?.close();
    };
  },
};
