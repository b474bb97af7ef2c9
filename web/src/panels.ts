import type { Panel } from "./panel";
import { panel as diagnose } from "./panel/diagnose";
import { panel as equivalence } from "./panel/equivalence";
import { panel as linear } from "./panel/linear";
import { panel as live } from "./panel/live";
import { panel as study } from "./panel/study";
import { panel as weightSpace } from "./panel/weight_space";

/** The panels in the order of their tabs. */
export const panels: Panel[] = [weightSpace, equivalence, linear, live, diagnose, study];
