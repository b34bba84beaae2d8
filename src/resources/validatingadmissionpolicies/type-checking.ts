/**
 * What a policy's expressions make of the very kinds it is for: k8s.io/apiserver/pkg/admission/plugin/policy/validating typechecking.go.
 * It only warns. Quantities and whatever has no type of its own are taken for anything; custom kinds are not looked into.
 */
import { once } from '../../api/once.js';
import type { ResourceNames, SchemaField, Schemas } from '../../api/resource.js';
import { compileCel, type Declared, type Type } from '../../cel/cel.js';
import { declarations, objectOf } from '../webhooks/expressions.js';
import type { NamedRule } from '../webhooks/types.js';
import type { ValidatingAdmissionPolicy } from './types.js';

/** A kind, and the definition its objects are made by. */
export interface Checkable {
  readonly names: Pick<ResourceNames, 'group' | 'version' | 'kind' | 'plural' | 'singular'>;
  readonly schema?: string;
}

export interface ExpressionWarning {
  readonly fieldRef: string;
  readonly warning: string;
}

/** Of the kinds one rule names. */
const MOST_TYPES = 10;
const ANY: Type = { kind: 'dyn' };
const PLAIN: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool', byte: 'bytes', Date: 'timestamp', MicroTime: 'timestamp' };

/** `isCustom`: whether there is a custom kind of that name. */
export function typeChecker(
  kinds: readonly Checkable[],
  read: () => Schemas,
): (policy: ValidatingAdmissionPolicy, isCustom: (apiVersion: string, kind: string) => boolean) => readonly ExpressionWarning[] {
  const typeOf = once(() => typesBy(read()));
  return ({ spec }, isCustom) => {
    const checked = kindsOf(spec.matchConstraints?.resourceRules ?? [], kinds);
    if (checked.length === 0) return [];
    const { apiVersion = '', kind = '' } = spec.paramKind ?? {};
    const ofParams = kinds.find(({ names }) => names.kind === kind && versionText(names) === apiVersion)?.schema;
    const params = ofParams !== undefined ? typeOf()(ofParams) : isCustom(apiVersion, kind) ? ANY : undefined;
    const check = (expression: string): string =>
      checked
        .flatMap(({ names, schema }) => {
          const object = typeOf()(schema as string);
          const problem = problemOf(expression, spec.variables ?? [], {
            ...declarations(params !== undefined, true),
            object,
            oldObject: object,
            ...(params && { params }),
          });
          return problem === undefined ? [] : [`${versionText(names)}, Kind=${names.kind}: ${problem}\n`];
        })
        .join('\n');
    return (spec.validations ?? []).flatMap((validation, i) =>
      (['expression', 'messageExpression'] as const).flatMap((field) => {
        const warning = validation[field] ? check(validation[field]) : '';
        return warning === '' ? [] : [{ fieldRef: `spec.validations[${i}].${field}`, warning }];
      }),
    );
  };
}

function problemOf(expression: string, variables: readonly { readonly name: string; readonly expression: string }[], declared: Declared): string | undefined {
  const known: Record<string, Type> = {};
  const compiled = (text: string) => compileCel(text, { ...declared, variables: objectOf('kubernetes.variables', known) });
  for (const variable of variables) {
    const program = compiled(variable.expression);
    known[variable.name] = 'problem' in program || program.result.kind === 'object' ? ANY : program.result;
  }
  const program = compiled(expression);
  return 'problem' in program ? program.problem.replace('compilation failed: ', '') : undefined;
}

const versionText = ({ group, version }: Checkable['names']): string => (group === '' ? version : `${group}/${version}`);

/** The kinds that rules without stars name, in order. */
function kindsOf(rules: readonly NamedRule[], kinds: readonly Checkable[]): readonly Checkable[] {
  const found = new Set<Checkable>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of rules) {
    if ([...apiGroups, ...apiVersions].some((name) => name.includes('*'))) continue;
    const named = kinds.filter(
      ({ names, schema }) =>
        schema !== undefined &&
        apiGroups.includes(names.group) &&
        apiVersions.includes(names.version) &&
        resources.some((resource) => resource === names.plural || resource === names.singular),
    );
    for (const kind of named.slice(0, MOST_TYPES)) found.add(kind);
  }
  const key = ({ names }: Checkable) => `${names.group}\0${names.version}\0${names.kind}`;
  return [...found].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Definitions may hold themselves: each is begun before it is filled. */
function typesBy(schemas: Schemas): (name: string) => Type {
  const begun = new Map<string, Type>();
  const ofDefinition = (name: string): Type => {
    const known = begun.get(name);
    const definition = schemas[name];
    if (known !== undefined || definition === undefined) return known ?? ANY;
    const fields = new Map<string, Type>();
    const type: Type = { kind: 'object', fields };
    begun.set(name, type);
    for (const [field, schema] of Object.entries(definition.fields)) fields.set(field, ofField(schema));
    return type;
  };
  const ofField = (field: SchemaField): Type => {
    const one = single(field);
    if (field.container === undefined) return one;
    if (field.container === 'list') return { kind: 'list', item: one };
    return { kind: 'map', key: { kind: 'string' }, item: field.container === 'map' ? one : { kind: 'list', item: one } };
  };
  const single = ({ type, format }: SchemaField): Type => {
    if (type === 'number') return { kind: format?.startsWith('int') === true ? 'int' : 'double' };
    return PLAIN[type] === undefined ? ofDefinition(type) : { kind: PLAIN[type] };
  };
  return ofDefinition;
}
