/** Expressions in policies and webhooks (pkg/apis/admissionregistration/validation/validation.go): compiled, their types known where they are plain. */
import { duplicate, type FieldError, index, invalid, required, tooMany } from '../../api/field.js';
import { compileCel, type Declared, resultText, type Type } from '../../cel/cel.js';
import { validateLabelName } from '../meta/labels.js';

const DYN: Type = { kind: 'dyn' };
const TEXT: Type = { kind: 'string' };
const INT: Type = { kind: 'int' };
const TIME: Type = { kind: 'timestamp' };
const listOf = (item: Type): Type => ({ kind: 'list', item });
const mapOf = (item: Type): Type => ({ kind: 'map', key: TEXT, item });
export const objectOf = (name: string, fields: Readonly<Record<string, Type>>): Type => ({ kind: 'object', name, fields: new Map(Object.entries(fields)) });
const named = (names: readonly string[], type: Type): Readonly<Record<string, Type>> => Object.fromEntries(names.map((name) => [name, type]));

const KIND = objectOf('kubernetes.GroupVersionKind', named(['group', 'version', 'kind'], TEXT));
const RESOURCE = objectOf('kubernetes.GroupVersionResource', named(['group', 'version', 'resource'], TEXT));
/** BuildRequestType of k8s.io/apiserver/pkg/admission/plugin/cel/compile.go. */
const REQUEST = objectOf('kubernetes.AdmissionRequest', {
  ...named(['kind', 'requestKind'], KIND),
  ...named(['resource', 'requestResource'], RESOURCE),
  ...named(['subResource', 'requestSubResource', 'name', 'namespace', 'operation'], TEXT),
  userInfo: objectOf('kubernetes.UserInfo', { username: TEXT, uid: TEXT, groups: listOf(TEXT), extra: mapOf(listOf(TEXT)) }),
  dryRun: { kind: 'bool' },
  options: DYN,
});
/** BuildNamespaceType. */
const NAMESPACE = objectOf('kubernetes.Namespace', {
  metadata: objectOf('kubernetes.NamespaceMetadata', {
    ...named(['name', 'generateName', 'namespace', 'UID', 'resourceVersion'], TEXT),
    ...named(['labels', 'annotations'], mapOf(TEXT)),
    ...named(['creationTimestamp', 'deletionTimestamp'], TIME),
    ...named(['deletionGracePeriodSeconds', 'generation'], INT),
    finalizers: listOf(TEXT),
  }),
  spec: objectOf('kubernetes.NamespaceSpec', { finalizers: listOf(TEXT) }),
  status: objectOf('kubernetes.NamespaceStatus', {
    conditions: listOf(objectOf('kubernetes.NamespaceCondition', { ...named(['status', 'type', 'message', 'reason'], TEXT), lastTransitionTime: TIME })),
    phase: TEXT,
  }),
});

/** What an expression may speak of; the authorizer is not followed. */
export const declarations = (hasParams: boolean, hasAuthorizer: boolean): Declared => ({
  ...named(['object', 'oldObject', ...(hasParams ? ['params'] : [])], DYN),
  request: REQUEST,
  namespaceObject: NAMESPACE,
  ...(hasAuthorizer ? { authorizer: {} } : {}),
});

export interface MatchCondition {
  readonly name?: string;
  readonly expression?: string;
}

const MAX_CONDITIONS = 64;

export function validateMatchConditions(conditions: readonly MatchCondition[] | undefined, hasParams: boolean, path: string, errors: FieldError[]): void {
  if (conditions === undefined) return;
  if (conditions.length > MAX_CONDITIONS) errors.push(tooMany(path, conditions.length, MAX_CONDITIONS));
  const names = new Set<string>();
  const variables = declarations(hasParams, true);
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

/** `types`: what it may come to; none of them: anything. Gives back what it comes to, as far as it is known. */
export function validateExpression(
  expression: string,
  variables: Declared,
  types: readonly string[],
  path: string,
  errors: FieldError[],
  text: string = expression,
): Type {
  const program = compileCel(expression, variables);
  if ('problem' in program) {
    errors.push(invalid(path, text, program.problem));
    return DYN;
  }
  if (types.length > 0 && program.type !== undefined && !types.includes(program.type))
    errors.push(invalid(path, text, `must evaluate to ${types.length > 1 ? `one of [${types.join(' ')}]` : types[0]} but got ${resultText(program)}`));
  return program.result;
}
