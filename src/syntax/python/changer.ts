import type { Edit } from "../mutants/change.ts";
import type { Place } from "../mutants/place.ts";
import type { PythonWorld } from "./mutable-places.ts";
import type { PythonText } from "./python-text.ts";

/** What a way of changing sees. */
export interface PythonPlace extends Place {
  readonly text: PythonText;
  readonly world: PythonWorld;
}

export type Changer = (place: PythonPlace) => readonly Edit[];
