import type { Edit } from "../mutants/change.ts";
import { boundMoved, rangeEndMoved } from "./change-bounds.ts";
import { argumentsSwapped } from "./change-calls.ts";
import { conditionChanged } from "./change-conditions.ts";
import { constantChanged, textChanged } from "./change-constants.ts";
import {
  annotationRemoved,
  baseRemoved,
  decoratorRemoved,
  emptyDefaultFilled,
} from "./change-definitions.ts";
import { handlerTypeChanged, raisedTypeChanged } from "./change-errors.ts";
import {
  arithmeticChanged,
  augmentedChanged,
  comparisonChanged,
  logicalChanged,
  unaryChanged,
} from "./change-operators.ts";
import { functionEndedEarly, returnReplaced } from "./change-returns.ts";
import { statementRemoved } from "./change-statements.ts";
import type { Changer, PythonPlace } from "./changer.ts";

/** Which changes are tried at which nodes. */
const changersOf: Readonly<Record<string, readonly Changer[]>> = {
  BinOp: [arithmeticChanged],
  AugAssign: [augmentedChanged, statementRemoved],
  UnaryOp: [unaryChanged],
  Compare: [comparisonChanged],
  BoolOp: [logicalChanged],
  If: [conditionChanged],
  While: [conditionChanged],
  IfExp: [conditionChanged],
  Comprehension: [conditionChanged],
  MatchCase: [conditionChanged],
  Constant: [constantChanged],
  JoinedStr: [textChanged],
  Subscript: [boundMoved],
  Slice: [boundMoved],
  Call: [argumentsSwapped, rangeEndMoved],
  Assign: [statementRemoved],
  AnnAssign: [statementRemoved, annotationRemoved],
  Expr: [statementRemoved],
  Delete: [statementRemoved],
  Assert: [statementRemoved],
  Raise: [statementRemoved, raisedTypeChanged],
  ExceptHandler: [handlerTypeChanged],
  List: [emptyDefaultFilled],
  Tuple: [emptyDefaultFilled],
  Break: [statementRemoved],
  Continue: [statementRemoved],
  Return: [returnReplaced, statementRemoved],
  FunctionDef: [functionEndedEarly, decoratorRemoved],
  AsyncFunctionDef: [functionEndedEarly, decoratorRemoved],
  ClassDef: [baseRemoved, decoratorRemoved],
};

const none: readonly Changer[] = [];

/** Every edit of one place that is neither hopeless nor known to change nothing. */
export function pythonEdits(place: PythonPlace, kind: string): Edit[] {
  return (Object.hasOwn(changersOf, kind) ? (changersOf[kind] ?? none) : none).flatMap((change) =>
    change(place),
  );
}
