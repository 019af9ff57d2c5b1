import { writeFileSync } from "node:fs";
import { certificateJsonSchema } from "../src/verify/certificate-json-schema.ts";

/** Writes the documented JSON Schema of certificates anew, from the schema that reads them. */
const path = new URL("../docs/certificate.schema.json", import.meta.url);
writeFileSync(path, `${JSON.stringify(certificateJsonSchema(), undefined, 2)}\n`);
