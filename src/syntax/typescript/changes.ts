import type { Edit } from "../mutants/change.ts";
import { kindOf } from "../tree.ts";
import { argumentBoundMoved, indexMoved } from "./change-bounds.ts";
import { argumentsSwapped } from "./change-calls.ts";
import { conditionChanged } from "./change-conditions.ts";
import { literalChanged, templateChanged } from "./change-constants.ts";
import { baseRemoved, emptyDefaultFilled } from "./change-definitions.ts";
import { thrownTypeChanged } from "./change-errors.ts";
import {
  assignmentChanged,
  binaryChanged,
  logicalChanged,
  unaryChanged,
  updateChanged,
} from "./change-operators.ts";
import { functionEndedEarly, returnReplaced } from "./change-returns.ts";
import { statementRemoved } from "./change-statements.ts";
import type { Changer, TypeScriptPlace } from "./changer.ts";

/** Which changes are tried at which nodes. */
const changersOf: Readonly<Record<string, readonly Changer[]>> = {
  BinaryExpression: [binaryChanged],
  AssignmentExpression: [assignmentChanged],
  UpdateExpression: [updateChanged],
  UnaryExpression: [unaryChanged],
  LogicalExpression: [logicalChanged],
  IfStatement: [conditionChanged],
  WhileStatement: [conditionChanged],
  DoWhileStatement: [conditionChanged],
  ForStatement: [conditionChanged],
  ConditionalExpression: [conditionChanged],
  Literal: [literalChanged],
  TemplateLiteral: [templateChanged],
  MemberExpression: [indexMoved],
  CallExpression: [argumentsSwapped, argumentBoundMoved],
  NewExpression: [argumentsSwapped],
  ExpressionStatement: [statementRemoved],
  ThrowStatement: [statementRemoved, thrownTypeChanged],
  ClassDeclaration: [baseRemoved],
  ClassExpression: [baseRemoved],
  ArrayExpression: [emptyDefaultFilled],
  BreakStatement: [statementRemoved],
  ContinueStatement: [statementRemoved],
  ReturnStatement: [returnReplaced, statementRemoved],
  FunctionDeclaration: [functionEndedEarly],
  FunctionExpression: [functionEndedEarly],
  ArrowFunctionExpression: [functionEndedEarly],
};

const none: readonly Changer[] = [];

/** Every edit of one place that is neither hopeless nor known to change nothing. */
export function typescriptEdits(place: TypeScriptPlace): Edit[] {
  const kind = kindOf(place.node);
  const changers = Object.hasOwn(changersOf, kind) ? (changersOf[kind] ?? none) : none;
  return changers.flatMap((change) => change(place));
}
