import type { Panel } from "./panel";
import { panel as diagnose } from "./panel/diagnose";
import { panel as study } from "./panel/study";

/** The panels in the order of their tabs. */
export const panels: Panel[] = [diagnose, study];
