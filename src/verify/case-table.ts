import { parseExactJson } from "../shared/exact-json.ts";
import type { JsonObject, JsonValue } from "../shared/json.ts";
import type { Contract, ContractSchema } from "./contract.ts";

/** Cases as a table holds them: a column a parameter, and what must come back. */
export interface CaseTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const wholeColumns = ["args", "returns", "raises", "property", "why"];
const floats: Readonly<Record<string, string>> = {
  nan: "nan",
  inf: "inf",
  infinity: "inf",
  "-inf": "-inf",
  "-infinity": "-inf",
};

/** Why a column means nothing here, in one line; undefined when all do. */
export function columnProblem({ columns }: CaseTable, contract: Contract): string | undefined {
  const names = contract.parameters.map(({ name }) => name);
  const known = [...names, ...wholeColumns];
  const stranger = columns.find((column) => !known.includes(column));
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) {
    return `two columns are named ${JSON.stringify(twice.slice(0, 60))}`;
  }
  return stranger === undefined
    ? undefined
    : `no parameter is named as the column ${JSON.stringify(stranger.slice(0, 60))} (columns: ${known.join(", ")})`;
}

/**
 * Each row as a case. A cell is JSON where it is JSON, else its text; where the contract wants a
 * string it is always its text, and where a number, `NaN` and `Infinity` are numbers. An empty cell is
 * no value, but for a string that has no default.
 */
export function casesOfTable({ columns, rows }: CaseTable, contract: Contract): JsonObject[] {
  const schemas = new Map(contract.parameters.map(({ name, schema }) => [name, schema]));
  return rows.map((row) => {
    const args: [string, JsonValue][] = [];
    const whole: [string, JsonValue][] = [];
    for (const [index, column] of columns.entries()) {
      const cell = row[index] ?? "";
      const isWhole = wholeColumns.includes(column);
      const value = isWhole
        ? valueOfCell(cell, wholeSchema(column, row, columns, contract))
        : argumentOfCell(cell, schemas.get(column));
      if (value !== undefined) {
        (isWhole ? whole : args).push([column, value]);
      }
    }
    return Object.fromEntries([["args", Object.fromEntries(args)], ...whole]);
  });
}

function argumentOfCell(cell: string, schema: ContractSchema | undefined): JsonValue | undefined {
  const isLeftOut = cell === "" && schema?.["default"] !== undefined;
  return isLeftOut ? undefined : valueOfCell(cell, schema);
}

/** Text for what is text; of `returns`, the contract's, unless another column says what comes back. */
function wholeSchema(
  column: string,
  row: readonly string[],
  columns: readonly string[],
  contract: Contract,
): ContractSchema | undefined {
  if (column === "args") {
    return undefined;
  }
  if (column !== "returns") {
    const isEmpty = (row[columns.indexOf(column)] ?? "") === "";
    return isEmpty ? undefined : { type: "string" };
  }
  const isSaidElsewhere = ["raises", "property"].some(
    (other) => columns.includes(other) && row[columns.indexOf(other)] !== "",
  );
  return isSaidElsewhere ? undefined : contract.result;
}

function valueOfCell(cell: string, schema: ContractSchema | undefined): JsonValue | undefined {
  const type = schema?.["type"];
  if (type === "string") {
    return cell;
  }
  if (cell.trim() === "") {
    return undefined;
  }
  const float = floats[cell.trim().toLowerCase()];
  if (float !== undefined && (type === "number" || type === undefined)) {
    return { $float: float };
  }
  return parseExactJson(cell) ?? cell;
}
