import type { State } from "../address";
import { html } from "../element";
import type { Panel } from "../panel";
import { ask, newest } from "../request";
import "./live/live.css";
import { Results } from "./live/result";
import { type Moment, type Remedy, Session } from "./live/session";
import { type Kind, Settings } from "./live/setting";
import type { Technique } from "./live/technique";
import { Verdicts } from "./live/verdict";
import { read, recipe, write } from "./live/wanted";

const button = (words: string, kind: string | undefined, click: () => void) => {
  const made = html("button", { type: "button", class: kind }, words);
  made.addEventListener("click", click);
  return made;
};

/** The panel while it is on the page. */
class Live {
  private readonly wanted;
  private session: Session | undefined;
  private results: Results | undefined;
  private verdicts: Verdicts;
  private settings: Settings | undefined;
  private moments: Moment[] = [];
  private names: string[] = [""];
  private gone = false;
  /** Whether a person wants the runs to go: a fresh start goes on as the one before did. */
  private going = false;
  /** A dragged slider changes the address when it rests. */
  private writing: ReturnType<typeof setTimeout> | undefined;

  private readonly go = button("Start", "main", () => this.pressed());
  private readonly end = button("Stop", undefined, () => this.order("stop"));
  private readonly anew = button("Start anew", undefined, () => this.begin({ paused: false }));
  private readonly told = html("p", { class: "told error", role: "alert" });
  /** What there is to say about techniques that fight and about the data. */
  private readonly notes = html("div");
  private readonly place = html("div");
  private readonly recipe = html("pre", {}, "");
  private readonly files = html("p");

  /** Begins runs for the newest settings alone; what a dragged slider passed is left out. */
  private readonly begin = newest(async ({ paused }: { paused: boolean }) => {
    this.session?.leave();
    this.session = undefined;
    this.going = !paused;
    const { beside } = this.wanted;
    try {
      const lost = () => this.say("the server does not answer any more: start anew");
      const tell = (moments: Moment[]) => this.update(moments);
      const begun = await Session.begin({ recipe: recipe(this.wanted), beside, paused, speed: this.speed() }, tell, lost);
      if (this.gone) return begun.leave();
      this.session = begun;
      this.show(beside ? ["with", "without"] : [""]);
    } catch (error) {
      this.say(error);
    }
  });

  /** Other strengths for runs that go on; where that cannot be, a fresh start. */
  private readonly change = newest(async () => {
    try {
      const changed = await this.session?.change(recipe(this.wanted));
      this.say("");
      if (changed) this.recipe.textContent = changed.recipe;
    } catch {
      this.begin({ paused: false });
    }
  });

  constructor(
    private readonly root: HTMLElement,
    private readonly state: State,
  ) {
    this.wanted = read(state);
    this.verdicts = new Verdicts((remedy) => this.tryOut(remedy));
    ask<Technique[]>("/api/live/techniques", new URLSearchParams())
      .then((techniques) => this.build(techniques))
      .catch((error: unknown) => this.say(error));
    root.append(this.told);
  }

  destroy(): void {
    this.gone = true;
    clearTimeout(this.writing);
    this.session?.leave();
    this.results?.destroy();
  }

  private build(techniques: Technique[]): void {
    if (this.gone) return;
    this.techniques = techniques;
    this.settings = new Settings(this.wanted, techniques, (kind) => this.changed(kind), (error) => this.say(error));
    const buttons = html("div", { class: "buttons" }, this.go, this.end, this.anew);
    const copy = button("Copy the recipe", undefined, () => void navigator.clipboard.writeText(this.recipe.textContent ?? ""));
    const recipe = html("details", {}, html("summary", {}, "The recipe, for wellfit train"), copy, this.files, this.recipe);
    const right = html("div", {}, buttons, this.told, this.verdicts.element, this.notes, this.place, recipe);
    this.root.append(html("div", { class: "beside" }, this.settings.element, right));
    this.begin({ paused: true });
  }

  private techniques: Technique[] = [];

  private changed(kind: Kind): void {
    clearTimeout(this.writing);
    this.writing = setTimeout(() => write(this.wanted, this.state), 200);
    const [first] = this.moments;
    const began = this.session && first && first.ended === null && first.step > 0;
    if (kind === "speed") void this.session?.slowDown(this.speed()).catch((error: unknown) => this.say(error));
    else if (kind === "strength" && began) this.change(undefined);
    else this.begin({ paused: !this.going });
  }

  private speed(): number | null {
    return this.wanted.speed > 0 ? this.wanted.speed : null;
  }

  /** Switches a technique on with the values that were offered. */
  private tryOut({ technique, values }: Remedy): void {
    const known = this.techniques.find((one) => one.id === technique);
    if (!known) return;
    this.wanted.techniques[technique] = { ...known.values, ...values };
    this.settings?.build();
    this.changed("strength");
  }

  private pressed(): void {
    const state = this.moments[0];
    if (!this.session || !state || state.ended !== null) this.begin({ paused: false });
    else this.order(state.state === "training" ? "pause" : "resume");
  }

  private order(word: "pause" | "resume" | "stop"): void {
    this.going = word === "resume";
    this.session?.order(word).catch((error: unknown) => this.say(error));
  }

  private show(names: string[]): void {
    if (!this.session) return;
    const { begun } = this.session;
    this.say("");
    this.notes.replaceChildren(...[...begun.findings, ...begun.warnings].map((words) => html("p", { class: "about" }, words)));
    this.names = names;
    this.moments = [];
    this.results?.destroy();
    this.results = new Results(begun, names);
    this.place.replaceChildren(this.results.element);
    this.recipe.textContent = begun.recipe;
    const table = begun.file ? [`Put it beside `, html("a", { href: `/api/live/${begun.id}/table`, download: begun.file }, begun.file), "."] : [];
    const size = `${begun.examples[0]} examples train and ${begun.examples[1]} validate ${begun.parameters} parameters. `;
    this.files.replaceChildren(size, ...table, " What changed while a run went on holds from its start when the recipe is trained anew.");
  }

  private update(moments: Moment[]): void {
    this.moments = moments;
    const [first] = moments;
    const ended = first?.ended !== null;
    if (ended) this.going = false;
    this.go.textContent = first?.state === "training" ? "Pause" : first?.state === "paused" ? "Go on" : "Start";
    this.end.disabled = ended;
    this.results?.update(moments);
    this.verdicts.update(moments, this.names);
    this.root.dataset["state"] = first?.state ?? "";
    this.root.dataset["epoch"] = String(this.results?.reach() ?? 0);
  }

  private say(message: unknown): void {
    this.told.textContent = message instanceof Error ? message.message : String(message);
  }
}

export const panel: Panel = {
  id: "live",
  title: "Train live",
  about:
    "A network that trains while you look: switch techniques on, change λ and the learning rate as it goes, and see the gap between training and validation close.",
  mount(root, state) {
    const live = new Live(root, state);
    return () => live.destroy();
  },
};
