/** Expressions in policies and webhooks (pkg/apis/admissionregistration/validation/validation.go): compiled, their types known where they are plain. */
import { duplicate, type FieldError, index, invalid, required, tooMany } from '../../api/field.js';
import { compileCel } from '../../cel/cel.js';
import { validateLabelName } from '../meta/labels.js';

export const COMMON_VARIABLES: readonly string[] = ['object', 'oldObject', 'request', 'namespaceObject'];

export interface MatchCondition {
  readonly name?: string;
  readonly expression?: string;
}

const MAX_CONDITIONS = 64;

export function validateMatchConditions(conditions: readonly MatchCondition[] | undefined, hasParams: boolean, path: string, errors: FieldError[]): void {
  if (conditions === undefined) return;
  if (conditions.length > MAX_CONDITIONS) errors.push(tooMany(path, conditions.length, MAX_CONDITIONS));
  const names = new Set<string>();
  const variables = [...COMMON_VARIABLES, 'authorizer', ...(hasParams ? ['params'] : [])];
  conditions.forEach(({ name = '', expression = '' }, i) => {
    const at = index(path, i);
    if (expression.trim() === '') errors.push(required(`${at}.expression`));
    else validateExpression(expression.trim(), variables, ['bool'], `${at}.expression`, errors);
    if (name === '') {
      errors.push(required(`${at}.name`));
      return;
    }
    validateLabelName(name, `${at}.name`, errors);
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
  });
}

/** `types`: what it may come to; none of them: anything. */
export function validateExpression(
  expression: string,
  variables: readonly string[],
  types: readonly string[],
  path: string,
  errors: FieldError[],
  text: string = expression,
): void {
  const program = compileCel(expression, variables);
  if ('problem' in program) errors.push(invalid(path, text, program.problem));
  else if (types.length > 0 && program.type !== undefined && !types.includes(program.type))
    errors.push(invalid(path, text, `must evaluate to ${types.length > 1 ? `one of [${types.join(' ')}]` : types[0]} but got ${program.type}`));
}
