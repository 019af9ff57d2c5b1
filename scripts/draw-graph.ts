import { drawGraph } from "../src/loop/graph.ts";

console.log(await drawGraph());
