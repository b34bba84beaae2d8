/** Runs jq's filters: each makes of one value any number of values. */
import { formatted } from './formats.js';
import { type Call, functions } from './functions.js';
import { type Filter, JqSyntaxError, type Json, type Pattern, parseFilter } from './parser.js';
import { below, calculated, each, type Found, indexed, isArray, isTrue, JqError, type Path, put, recurse, typeOf } from './values.js';

/** A function that podsim's jq has not. */
export class Unknown extends Error {}

const FUNCTIONS = Symbol('functions');
/** Variables by their names with `$`, and the functions that are known where a filter stands. */
export type Variables = Readonly<Record<string, Json>> & { readonly [FUNCTIONS]?: Readonly<Record<string, Closure>> };
/** A definition, or a filter that was handed to one, with what is known where it stands. */
interface Closure {
  readonly params: readonly string[];
  readonly body: Filter;
  readonly scope: Variables;
  /** It knows its own name. */
  readonly isDefined?: true;
}
/** On its way to the label of that number. */
class Break extends Error {
  constructor(readonly label: Json) {
    super('break');
  }
}
type Of<F extends Filter['f']> = Extract<Filter, { f: F }>;

const resultsOf = (filter: Filter, value: Json, vars: Variables): Json[] => [...run(filter, { value }, vars)].map((one) => one.value);

/** `input.path` is where it is in what the whole filter is run over, if it is asked for. */
export function* run(x: Filter, input: Found, vars: Variables): Generator<Found> {
  const values = (filter: Filter): Json[] => resultsOf(filter, input.value, vars);
  switch (x.f) {
    case 'identity':
      yield input;
      return;
    case 'value':
      yield { value: x.value };
      return;
    case 'recurse':
      yield* recurse(input);
      return;
    case 'index':
      for (const of of run(x.of, input, vars)) for (const at of values(x.at)) yield { value: indexed(of.value, at), ...below(of.path, at) };
      return;
    case 'each':
      for (const of of run(x.of, input, vars)) yield* each(of);
      return;
    case 'slice':
      yield* slices(x, input, vars);
      return;
    case 'try':
      try {
        yield* run(x.of, input, vars);
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
        if (x.otherwise !== undefined) yield* run(x.otherwise, { value: error.message }, vars);
      }
      return;
    case 'pipe':
      for (const one of run(x.left, input, vars)) yield* run(x.right, one, vars);
      return;
    case 'comma':
      yield* run(x.left, input, vars);
      yield* run(x.right, input, vars);
      return;
    case 'minus':
      for (const value of values(x.of)) yield { value: -(value as number) };
      return;
    case 'array':
      yield { value: x.of === undefined ? [] : values(x.of) };
      return;
    case 'object':
      yield* objects(x, values);
      return;
    case 'text':
      yield { value: x.parts.map((part) => (typeof part === 'string' ? part : inFormat(x.format ?? '@text', values(part)[0] ?? null))).join('') };
      return;
    case 'if':
      for (const test of values(x.test)) yield* run(isTrue(test) ? x.yes : x.no, input, vars);
      return;
    case 'variable':
      if (x.name !== '$__loc__' && !Object.hasOwn(vars, x.name)) throw new JqSyntaxError(`${x.name} is not defined`);
      yield { value: vars[x.name] as Json };
      return;
    case 'as':
      for (const value of values(x.of)) yield* run(x.body, input, { ...vars, ...taken(x.pattern, value, vars) });
      return;
    case 'reduce': {
      let kept = values(x.first)[0] ?? null;
      for (const { value } of run(x.of, { value: input.value }, vars))
        kept = [...run(x.update, { value: kept }, { ...vars, ...taken(x.pattern, value, vars) })].at(-1)?.value ?? null;
      yield { value: kept };
      return;
    }
    case 'foreach':
      for (const first of values(x.first)) yield* foreach(x, first, input, vars);
      return;
    case 'def':
      yield* run(x.rest, input, withFunction(vars, `${x.name}/${x.params.length}`, { params: x.params, body: x.body, scope: vars, isDefined: true }));
      return;
    case 'label':
      yield* labelled(x, input, vars);
      return;
    case 'break': {
      const label = vars[`label ${x.name}`];
      if (label === undefined) throw new JqSyntaxError(`$*label-${x.name.slice(1)} is not defined`);
      throw new Break(label);
    }
    case 'binary':
      yield* binary(x, input, vars);
      return;
    case 'call':
      yield* call(x, input, vars);
  }
}

function* slices({ of, from, to }: Of<'slice'>, input: Found, vars: Variables): Generator<Found> {
  const bound = (filter: Filter | undefined): number | undefined =>
    filter === undefined ? undefined : ((resultsOf(filter, input.value, vars)[0] ?? undefined) as number | undefined);
  for (const { value } of run(of, input, vars)) {
    if (value !== null && typeof value !== 'string' && !isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with object`);
    yield { value: value === null ? null : value.slice(bound(from) ?? 0, bound(to)) };
  }
}

/** One for each combination of what its keys and values come to. */
function* objects({ pairs }: Of<'object'>, values: (filter: Filter) => readonly Json[]): Generator<Found> {
  let all: { [key: string]: Json }[] = [{}];
  for (const [key, value] of pairs)
    all = values(key).flatMap((name) => {
      if (typeof name !== 'string') throw new JqError(`Object keys must be strings`);
      return values(value).flatMap((one) => all.map((other) => ({ ...other, [name]: one })));
    });
  for (const value of all) yield { value };
}

function* foreach({ of, pattern, update, extract }: Of<'foreach'>, first: Json, input: Found, vars: Variables): Generator<Found> {
  let kept = first;
  for (const { value } of run(of, { value: input.value }, vars)) {
    const own = { ...vars, ...taken(pattern, value, vars) };
    for (const one of run(update, { value: kept }, own)) {
      kept = one.value;
      if (extract === undefined) yield { value: kept };
      else yield* run(extract, { value: kept }, own);
    }
  }
}

function* labelled({ name, body }: Of<'label'>, input: Found, vars: Variables): Generator<Found> {
  const label = ((vars[LABELS] as number | undefined) ?? 0) + 1;
  try {
    yield* run(body, input, { ...vars, [LABELS]: label, [`label ${name}`]: label });
  } catch (error) {
    if (!(error instanceof Break) || error.label !== label) throw error;
  }
}

/** How many labels are around. */
const LABELS = 'labels';

const withFunction = (vars: Variables, key: string, closure: Closure): Variables => ({ ...vars, [FUNCTIONS]: { ...vars[FUNCTIONS], [key]: closure } });

/** The names of a pattern, and what of the value they are. */
function taken(pattern: Pattern, value: Json, vars: Variables): Record<string, Json> {
  if (typeof pattern === 'string') return { [pattern]: value };
  if ('items' in pattern) return Object.assign({}, ...pattern.items.map((one, i) => taken(one, indexed(value, i), vars)));
  const all: Record<string, Json> = {};
  for (const [filter, own, inner] of pattern.members) {
    const key = run(filter, { value }, { ...vars, ...all }).next().value?.value ?? null;
    const member = indexed(value, key);
    if (own !== undefined) all[own] = member;
    if (inner !== undefined) Object.assign(all, taken(inner, member, { ...vars, ...all }));
  }
  return all;
}

/** A function that was defined: its filters work where they were written, its own name means itself. */
function* applied(key: string, { params, body, scope, isDefined }: Closure, args: readonly Filter[], input: Found, vars: Variables): Generator<Found> {
  const functions: Record<string, Closure> = { ...scope[FUNCTIONS] };
  if (isDefined === true) functions[key] = { params, body, scope, isDefined };
  let scopes: Variables[] = [{ ...scope, [FUNCTIONS]: functions }];
  for (const [i, param] of params.entries()) {
    const arg = args[i] as Filter;
    if (param.startsWith('$')) {
      const given = [...run(arg, { value: input.value }, vars)];
      scopes = scopes.flatMap((one) =>
        given.map(({ value }) => withFunction({ ...one, [param]: value }, `${param.slice(1)}/0`, { params: [], body: { f: 'value', value }, scope: {} })),
      );
    } else scopes = scopes.map((one) => withFunction(one, `${param}/0`, { params: [], body: arg, scope: vars }));
  }
  for (const one of scopes) yield* run(body, input, one);
}

/** Those of jq's own functions that are written in jq. */
const DEFINED: Readonly<Record<string, string>> = {
  'until/2': 'def until(cond; update): def _until: if cond then . else (update | _until) end; _until; until(cond; update)',
  'while/2': 'def while(cond; update): def _while: if cond then ., (update | _while) else empty end; _while; while(cond; update)',
  'repeat/1': 'def repeat(f): def _repeat: ., (f | _repeat); _repeat; repeat(f)',
  'recurse/1': 'def recurse(f): def r: ., (f | r); r; recurse(f)',
  'recurse/2': 'def recurse(f; cond): def r: ., (f | select(cond) | r); r; recurse(f; cond)',
  'combinations/0': 'def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end; combinations',
  'with_entries/1': 'def with_entries(f): to_entries | map(f) | from_entries; with_entries(f)',
  'isempty/1': 'def isempty(g): label $go | (first(g | false), true) | ., break $go; isempty(g)',
};

/** By name and number: the definition in it. */
function definedOf(key: string): Closure | undefined {
  const source = Object.hasOwn(DEFINED, key) ? DEFINED[key] : undefined;
  const parsed = source === undefined ? undefined : parseFilter(source);
  return parsed?.f === 'def' ? { params: parsed.params, body: parsed.body, scope: {}, isDefined: true } : undefined;
}

const pathsOf = (x: Filter, value: Json, vars: Variables): Path[] =>
  [...run(x, { value, path: [] }, vars)].map(({ path }) => {
    if (path === undefined) throw new JqError('Invalid path expression');
    return path;
  });

/** What is true of the left, errors passed over; if there is nothing, the right. */
function* alternative(left: Filter, right: Filter, input: Found, vars: Variables): Generator<Found> {
  let isAny = false;
  try {
    for (const one of run(left, input, vars)) {
      if (!isTrue(one.value)) continue;
      isAny = true;
      yield one;
    }
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
  }
  if (!isAny) yield* run(right, input, vars);
}

function* binary({ operator, left, right }: Of<'binary'>, input: Found, vars: Variables): Generator<Found> {
  const { value } = input;
  const values = (filter: Filter, of: Json = value): Json[] => resultsOf(filter, of, vars);
  if (operator === '//') {
    yield* alternative(left, right, input, vars);
    return;
  }
  if (operator === 'and' || operator === 'or') {
    for (const a of values(left)) {
      if (isTrue(a) === (operator === 'or')) yield { value: operator === 'or' };
      else for (const b of values(right)) yield { value: isTrue(b) };
    }
    return;
  }
  if (operator === '|=') {
    let out = value;
    for (const path of pathsOf(left, value, vars).reverse()) out = put(out, path, values(right, path.reduce<Json>(indexed, out))[0]);
    yield { value: out };
    return;
  }
  if (/^([-+*/]|\/\/)?=$/.test(operator)) {
    for (const b of values(right)) {
      let out = value;
      for (const path of pathsOf(left, value, vars)) {
        const old = path.reduce<Json>(indexed, out);
        out = put(out, path, operator === '=' ? b : operator === '//=' ? (isTrue(old) ? old : b) : calculated(operator[0] as string, old, b));
      }
      yield { value: out };
    }
    return;
  }
  for (const b of values(right)) for (const a of values(left)) yield { value: calculated(operator, a, b) };
}

/** A function of somebody's own by that name, one that is written in jq, a format, or one of jq's. */
function* call({ name, args }: Of<'call'>, input: Found, vars: Variables): Generator<Found> {
  const key = `${name}/${args.length}`;
  const given = vars[FUNCTIONS]?.[key] ?? definedOf(key);
  const own = functions(key);
  if (given !== undefined) yield* applied(key, given, args, input, vars);
  else if (own !== undefined) yield* own(callOf(name, args, input, vars));
  else if (name.startsWith('@')) yield { value: inFormat(name, input.value) };
  else throw new Unknown(key);
}

const callOf = (name: string, args: readonly Filter[], input: Found, vars: Variables): Call => ({
  name,
  arity: args.length,
  input,
  variables: vars,
  found: (i) => run(args[i] as Filter, input, vars),
  results: (i, of = input.value) => (args[i] === undefined ? [] : resultsOf(args[i], of, vars)),
  paths: (i) => pathsOf(args[i] as Filter, input.value, vars),
});

function inFormat(name: string, value: Json): string {
  const text = formatted(name, value);
  if (text === undefined) throw new Unknown(name);
  return text;
}
