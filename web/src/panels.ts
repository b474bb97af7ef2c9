import type { Panel } from "./panel";
import { panel as diagnose } from "./panel/diagnose";
import { panel as live } from "./panel/live";
import { panel as study } from "./panel/study";

/** The panels in the order of their tabs. */
export const panels: Panel[] = [live, diagnose, study];
