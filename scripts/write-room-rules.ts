import { readFileSync, writeFileSync } from "node:fs";
import { withRoomRules } from "./room-rules.ts";

const path = new URL("../biome.json", import.meta.url);
writeFileSync(path, withRoomRules(readFileSync(path, "utf8")));
console.log("biome.json: room rules written from scripts/rooms.ts");
